namespace SglNative.Tokenizers.Unicode;

/// <summary>The named classes that pre-tokenizers, normalizers and regexes ask for, each of the Unicode version its user needs.</summary>
internal static class CharacterClasses
{
    private static readonly CodePointEnumeration Categories = UnicodeTables.Enumeration("category16");

    public static CodePointSet WhiteSpace { get; } = UnicodeTables.Set("binary16:White_Space");

    public static CodePointSet Letter { get; } = Category("L");

    public static CodePointSet Mark { get; } = Category("M");

    public static CodePointSet Number { get; } = Category("N");

    public static CodePointSet DecimalNumber { get; } = Category("Nd");

    public static CodePointSet Punctuation { get; } = Category("P");

    public static CodePointSet Symbol { get; } = Category("S");

    /// <summary>\w of Oniguruma: alphabetic, marks, decimal digits, connectors.</summary>
    public static CodePointSet Word { get; } =
        UnicodeTables.Set("binary16:Alphabetic").Union(Mark).Union(DecimalNumber).Union(Category("Pc"));

    /// <summary>
    /// \w of Oniguruma outside of brackets, and what \b looks at: there, it judges Latin-1 by a table of its own, in which the superscript
    /// digits and the fractions belong to words.
    /// </summary>
    public static CodePointSet LoneWord { get; } = Word.Union(CodePointSet.Of(0xb2, 0xb3, 0xb9, 0xbc, 0xbd, 0xbe));

    /// <summary>\w of Rust's regex crate: the former and the two joiners.</summary>
    public static CodePointSet RustWord { get; } = Word.Union(UnicodeTables.Set("binary16:Join_Control"));

    /// <summary>Rust's char::is_numeric.</summary>
    public static CodePointSet Numeric { get; } = UnicodeTables.Set("numeric17");

    /// <summary>What BERT and the Punctuation pre-tokenizer call punctuation.</summary>
    public static CodePointSet BertPunctuation { get; } = UnicodeTables.Set("punctuation8").Union(
        CodePointSet.FromRanges([new(0x21, 0x2f), new(0x3a, 0x40), new(0x5b, 0x60), new(0x7b, 0x7e)]));

    /// <summary>What BERT's text cleaning removes as a control character, except tab, line feed and carriage return.</summary>
    public static CodePointSet BertControl { get; } = UnicodeTables.Set("other8").Except(CodePointSet.Of('\t', '\n', '\r'));

    /// <summary>What BERT's accent stripping removes after NFD.</summary>
    public static CodePointSet BertAccent { get; } = UnicodeTables.Set("nonspacing8");

    /// <summary>What the StripAccents normalizer removes.</summary>
    public static CodePointSet CombiningMark { get; } = UnicodeTables.Set("mark9");

    /// <summary>A general category by its one- or two-letter name; "Cn" is what has none.</summary>
    public static CodePointSet Category(string name) => name switch
    {
        "Cn" => Categories.Unlabelled(),
        "C" => Categories.Where(l => l[0] == 'C').Union(Categories.Unlabelled()),
        "LC" => Categories.Where(l => l is "Lu" or "Ll" or "Lt"),
        _ => Categories.Where(l => l.StartsWith(name, StringComparison.Ordinal)),
    };
}
