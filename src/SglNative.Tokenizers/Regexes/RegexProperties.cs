using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Regexes;

/// <summary>What \p{…} and [[:…:]] name; spaces, dashes, underscores and case do not matter.</summary>
internal static class RegexProperties
{
    private static readonly Dictionary<string, string> LongCategories = new(StringComparer.Ordinal)
    {
        ["letter"] = "L", ["casedletter"] = "LC", ["uppercaseletter"] = "Lu", ["lowercaseletter"] = "Ll", ["titlecaseletter"] = "Lt",
        ["modifierletter"] = "Lm", ["otherletter"] = "Lo", ["mark"] = "M", ["combiningmark"] = "M", ["nonspacingmark"] = "Mn",
        ["spacingmark"] = "Mc", ["enclosingmark"] = "Me", ["number"] = "N", ["decimalnumber"] = "Nd", ["letternumber"] = "Nl",
        ["othernumber"] = "No", ["punctuation"] = "P", ["connectorpunctuation"] = "Pc", ["dashpunctuation"] = "Pd",
        ["openpunctuation"] = "Ps", ["closepunctuation"] = "Pe", ["initialpunctuation"] = "Pi", ["finalpunctuation"] = "Pf",
        ["otherpunctuation"] = "Po", ["symbol"] = "S", ["mathsymbol"] = "Sm", ["currencysymbol"] = "Sc", ["modifiersymbol"] = "Sk",
        ["othersymbol"] = "So", ["separator"] = "Z", ["spaceseparator"] = "Zs", ["lineseparator"] = "Zl",
        ["paragraphseparator"] = "Zp", ["other"] = "C", ["control"] = "Cc", ["format"] = "Cf", ["surrogate"] = "Cs",
        ["privateuse"] = "Co", ["unassigned"] = "Cn",
    };

    private static readonly HashSet<string> ShortCategories = new(
        "L LC Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Cs Co Cn".Split(' '),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The short names of scripts that patterns use.</summary>
    private static readonly Dictionary<string, string> ScriptAliases = new(StringComparer.Ordinal)
    {
        ["arab"] = "arabic", ["armn"] = "armenian", ["beng"] = "bengali", ["bopo"] = "bopomofo", ["cyrl"] = "cyrillic",
        ["deva"] = "devanagari", ["ethi"] = "ethiopic", ["geor"] = "georgian", ["grek"] = "greek", ["gujr"] = "gujarati",
        ["guru"] = "gurmukhi", ["hang"] = "hangul", ["hani"] = "han", ["hebr"] = "hebrew", ["hira"] = "hiragana",
        ["kana"] = "katakana", ["khmr"] = "khmer", ["knda"] = "kannada", ["laoo"] = "lao", ["latn"] = "latin", ["mlym"] = "malayalam",
        ["mong"] = "mongolian", ["mymr"] = "myanmar", ["orya"] = "oriya", ["sinh"] = "sinhala", ["syrc"] = "syriac", ["taml"] = "tamil",
        ["telu"] = "telugu", ["thaa"] = "thaana", ["tibt"] = "tibetan", ["zinh"] = "inherited", ["zyyy"] = "common",
        ["qaai"] = "inherited",
    };

    private static readonly CodePointEnumeration Scripts = UnicodeTables.Enumeration("script16");

    private static readonly Dictionary<string, string> BinaryTables = UnicodeTables.Names
        .Where(n => n.StartsWith("binary16:", StringComparison.Ordinal)).ToDictionary(n => Loose(n["binary16:".Length..]), n => n);

    public static CodePointSet HexDigit { get; } =
        CodePointSet.OfRange('0', '9').Union(CodePointSet.OfRange('A', 'F')).Union(CodePointSet.OfRange('a', 'f'));

    public static CodePointSet? Find(string name)
    {
        if (ShortCategories.TryGetValue(name, out var category)) return CharacterClasses.Category(category);
        var loose = Loose(name);
        if (LongCategories.TryGetValue(loose, out category)) return CharacterClasses.Category(category);
        if (Posix(loose) is { } posix) return posix;
        if (BinaryTables.TryGetValue(loose, out var table)) return UnicodeTables.Set(table);
        var script = ScriptAliases.GetValueOrDefault(loose, loose);
        var set = Scripts.Where(l => Loose(l) == script);
        if (!set.IsEmpty) return set;
        return loose switch
        {
            "any" => CodePointSet.All,
            "assigned" => CharacterClasses.Category("Cn").Complement(),
            "unknown" => Scripts.Unlabelled(),
            _ => null,
        };
    }

    /// <summary>POSIX brackets, with Unicode's meaning.</summary>
    public static CodePointSet? Posix(string name) => name switch
    {
        "alnum" => UnicodeTables.Set("binary16:Alphabetic").Union(CharacterClasses.DecimalNumber),
        "alpha" => UnicodeTables.Set("binary16:Alphabetic"),
        "ascii" => CodePointSet.OfRange(0, 0x7f),
        "blank" => CharacterClasses.Category("Zs").Union(CodePointSet.Of('\t')),
        "cntrl" => CharacterClasses.Category("Cc"),
        "digit" => CharacterClasses.DecimalNumber,
        "graph" => CharacterClasses.WhiteSpace.Union(CharacterClasses.Category("Cc")).Union(CharacterClasses.Category("Cn"))
            .Union(CharacterClasses.Category("Cs")).Complement(),
        "lower" => UnicodeTables.Set("binary16:Lowercase"),
        "print" => CharacterClasses.WhiteSpace.Union(CharacterClasses.Category("Cn")).Union(CharacterClasses.Category("Cs")).Complement()
            .Union(CharacterClasses.Category("Zs")).Except(CharacterClasses.Category("Cc")),
        "punct" => CharacterClasses.Punctuation.Union(CodePointSet.Of('$', '+', '<', '=', '>', '^', '`', '|', '~')),
        "space" => CharacterClasses.WhiteSpace,
        "upper" => UnicodeTables.Set("binary16:Uppercase"),
        "word" => CharacterClasses.Word,
        "xdigit" => HexDigit,
        _ => null,
    };

    private static string Loose(string name) =>
        string.Concat(name.Where(c => c is not (' ' or '-' or '_'))).ToLowerInvariant();
}
