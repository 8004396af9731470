using System.Collections.Frozen;
using System.Text;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>The methods of text. Those of text that is marked as safe return such text, and escape what they insert.</summary>
internal static class StringMethods
{
    private static readonly FrozenDictionary<string, NativeFunction> Methods = new[]
    {
        Map("capitalize", CaseMapping.Capitalize),
        Map("casefold", CaseMapping.Fold),
        Map("lower", CaseMapping.Lower),
        Map("upper", CaseMapping.Upper),
        Map("swapcase", CaseMapping.Swap),
        Map("title", CaseMapping.Title),
        Method("strip", "/self chars?", (_, a) => Wrap(a[0], Strip(a, true, true))),
        Method("lstrip", "/self chars?", (_, a) => Wrap(a[0], Strip(a, true, false))),
        Method("rstrip", "/self chars?", (_, a) => Wrap(a[0], Strip(a, false, true))),
        Method("center", "/self width fillchar?", (s, a) => Align(s, a, TextPadding.Center)),
        Method("ljust", "/self width fillchar?", (s, a) => Align(s, a, TextPadding.Left)),
        Method("rjust", "/self width fillchar?", (s, a) => Align(s, a, TextPadding.Right)),
        Method("zfill", "/self width", ZeroFill),
        Method("expandtabs", "self tabsize?", ExpandTabs),
        Method("removeprefix", "/self prefix", (_, a) =>
            Wrap(a[0], Self(a) is var t && Argument.Text(a[1]) is var p && t.StartsWith(p, StringComparison.Ordinal) ? t[p.Length..] : t)),
        Method("removesuffix", "/self suffix", (_, a) =>
            Wrap(a[0], Self(a) is var t && Argument.Text(a[1]) is var p && t.EndsWith(p, StringComparison.Ordinal) ? t[..^p.Length] : t)),
        Method("replace", "/self old new count?", Replace),
        Method("translate", "/self table", Translate),
        Method("join", "/self iterable", Join),
        Method("split", "self sep? maxsplit?", (s, a) => Pieces(s, a[0], TextSplitting.Split(Self(a), Separator(a[1]), Argument.Integer(a[2], -1), s.Budget))),
        Method("rsplit", "self sep? maxsplit?", (s, a) => Pieces(s, a[0], TextSplitting.SplitFromEnd(Self(a), Separator(a[1]), Argument.Integer(a[2], -1), s.Budget))),
        Method("splitlines", "self keepends?", (s, a) => Pieces(s, a[0], PythonText.SplitLines(Self(a), Argument.Flag(a[1], false, s.Budget)))),
        Method("partition", "/self sep", (_, a) => Partition(a, fromEnd: false)),
        Method("rpartition", "/self sep", (_, a) => Partition(a, fromEnd: true)),
        Method("format", "self *args **kwargs", (s, a) => BraceFormat.Apply(a[0]!, ((PythonTuple)a[1]!).Items, (PythonDict)a[2]!, s)),
        Method("format_map", "/self mapping", (s, a) => BraceFormat.Apply(
            a[0]!, [], a[1] as PythonDict ?? throw PythonTypes.TypeError("format_map() argument must be a mapping"), s)),
        Method("startswith", "/self prefix start? end?", (_, a) => Affix(a, (text, part) => text.StartsWith(part))),
        Method("endswith", "/self suffix start? end?", (_, a) => Affix(a, (text, part) => text.EndsWith(part))),
        Method("find", "/self sub start? end?", (_, a) => PythonInteger.Box(TextSearch.Find(a, fromEnd: false))),
        Method("rfind", "/self sub start? end?", (_, a) => PythonInteger.Box(TextSearch.Find(a, fromEnd: true))),
        Method("index", "/self sub start? end?", (_, a) => Found(TextSearch.Find(a, fromEnd: false))),
        Method("rindex", "/self sub start? end?", (_, a) => Found(TextSearch.Find(a, fromEnd: true))),
        Method("count", "/self sub start? end?", (_, a) => PythonInteger.Box(TextSearch.Count(a))),
        Is("isalnum", text => CharacterClass.All(text, CharacterClass.IsAlphanumeric)),
        Is("isalpha", text => CharacterClass.All(text, CharacterClass.IsAlpha)),
        Is("isascii", text => Ascii.IsValid(text)),
        Is("isdecimal", text => CharacterClass.All(text, CharacterClass.IsDecimal)),
        Is("isdigit", text => CharacterClass.All(text, CharacterClass.IsDigit)),
        Is("isidentifier", Syntax.Identifier.IsValid),
        Is("islower", text => CharacterClass.AllCased(text, CaseMapping.IsLower, CaseMapping.IsUpper)),
        Is("isnumeric", text => CharacterClass.All(text, CharacterClass.IsNumeric)),
        Is("isprintable", text => text.Length == 0 || CharacterClass.All(text, PythonText.IsPrintable)),
        Is("isspace", text => text.Length > 0 && text.All(PythonText.IsSpace)),
        Is("istitle", CharacterClass.IsTitle),
        Is("isupper", text => CharacterClass.AllCased(text, CaseMapping.IsUpper, CaseMapping.IsLower)),
        Method("encode", "self encoding? errors?", (_, _) => throw PythonTypes.TypeError("chat templates have no bytes: encode() cannot be used")),
        Method("maketrans", "/self x y? z?", (_, _) => throw PythonTypes.TypeError("chat templates cannot use maketrans(): give translate() a dict")),
    }.ToFrozenDictionary(method => method.Name);

    public static NativeFunction? Find(string name) => Methods.GetValueOrDefault(name);

    /// <summary>Text in the form of the value that it comes from.</summary>
    public static object Wrap(object? origin, string text) => origin is Markup ? new Markup(text) : text;

    /// <summary>Removes characters from the ends; blanks where none are named.</summary>
    public static string Strip(string text, string? characters, bool start, bool end)
    {
        if (characters is not null && !PythonText.IsBasic(characters)) return StripRunes(text, characters, start, end);
        var span = text.AsSpan();
        var set = characters ?? PythonText.Spaces;
        if (set.Length == 0) return text;
        if (start) span = span.TrimStart(set);
        if (end) span = span.TrimEnd(set);
        return span.Length == text.Length ? text : span.ToString();
    }

    private static NativeFunction Method(string name, string parameters, NativeBody body) => new(name, parameters, body);

    private static NativeFunction Map(string name, Func<string, string> map) => new(name, "/self", (s, a) =>
    {
        var text = Self(a);
        s.Budget.Text(text.Length);
        return Wrap(a[0], map(text));
    });

    private static NativeFunction Is(string name, Func<string, bool> test) => new(name, "/self", (s, a) =>
    {
        var text = Self(a);
        s.Budget.Text(text.Length);
        return PythonBoolean.Of(test(text));
    });

    private static string Self(object?[] arguments) => Argument.TextOrNull(arguments[0])!;

    private static string? Separator(object? value) => value is null or Missing ? null : Argument.Text(value, "separator");

    private static string Strip(object?[] a, bool start, bool end) =>
        Strip(Self(a), a[1] is null or Missing ? null : Argument.Text(a[1], "strip arg"), start, end);

    private static string StripRunes(string text, string characters, bool start, bool end)
    {
        var set = characters.EnumerateRunes().ToHashSet();
        var runes = text.EnumerateRunes().ToArray();
        int first = 0, last = runes.Length;
        while (start && first < last && set.Contains(runes[first])) first++;
        while (end && last > first && set.Contains(runes[last - 1])) last--;
        return string.Concat(runes[first..last].Select(rune => rune.ToString()));
    }

    private static object Align(RenderState state, object?[] a, Func<string, int, string, RenderBudget, string> align)
    {
        var fill = a[2] is Missing ? " " : Argument.Text(a[2], "fill character");
        if (PythonText.Length(fill) != 1) throw PythonTypes.TypeError("The fill character must be exactly one character long");
        if (a[0] is Markup && a[2] is not (Missing or Markup) && Markup.Escape(fill) != fill)
            throw PythonTypes.TypeError("The fill character must be exactly one character long");
        return Wrap(a[0], align(Self(a), Argument.Integer(a[1], 0), fill, state.Budget));
    }

    private static object ZeroFill(RenderState state, object?[] a)
    {
        var text = Self(a);
        var signed = text.Length > 0 && text[0] is '+' or '-' && text.Length > 0;
        var width = Argument.Integer(a[1], 0);
        var padded = signed
            ? text[0] + TextPadding.Right(text[1..], width - 1, "0", state.Budget)
            : TextPadding.Right(text, width, "0", state.Budget);
        return Wrap(a[0], padded);
    }

    private static object ExpandTabs(RenderState state, object?[] a)
    {
        var size = Argument.Integer(a[1], 8);
        var result = new StringBuilder();
        var column = 0;
        foreach (var rune in Self(a).EnumerateRunes())
        {
            if (rune.Value == '\t')
            {
                var blanks = size > 0 ? size - column % size : 0;
                state.Budget.Text((long)result.Length + blanks);
                result.Append(' ', blanks);
                column += blanks;
                continue;
            }
            result.Append(rune.ToString());
            column = rune.Value is '\n' or '\r' ? 0 : column + 1;
        }
        return Wrap(a[0], result.ToString());
    }

    private static object Replace(RenderState state, object?[] a)
    {
        var (old, @new) = (Argument.Text(a[1], "replace() argument 1"), Argument.Text(a[2], "replace() argument 2"));
        if (a[0] is Markup && a[2] is not Markup) @new = Markup.Escape(@new);
        return Wrap(a[0], TextReplacement.Replace(Self(a), old, @new, Argument.Integer(a[3], -1), state.Budget));
    }

    private static object Translate(RenderState state, object?[] a)
    {
        if (a[1] is not PythonDict table) throw PythonTypes.TypeError($"'{PythonTypes.NameOf(a[1])}' object is not subscriptable");
        var result = new StringBuilder();
        foreach (var rune in Self(a).EnumerateRunes())
        {
            state.Budget.Step();
            if (!table.TryGet(PythonInteger.Box(rune.Value), state.Budget, out var mapped)) result.Append(rune.ToString());
            else if (Argument.TextOrNull(mapped) is { } text) result.Append(text);
            else if (mapped is long code and >= 0 and <= 0x10FFFF and not (>= 0xD800 and <= 0xDFFF)) result.Append(char.ConvertFromUtf32((int)code));
            else if (mapped is not null) throw PythonTypes.TypeError("character mapping must return integer, None or str");
            state.Budget.CheckLength(result.Length);
        }
        return Wrap(a[0], result.ToString());
    }

    private static object Join(RenderState state, object?[] a)
    {
        var result = new StringBuilder();
        var index = 0;
        foreach (var item in Iteration.TryOf(a[1]) ?? throw PythonTypes.TypeError("can only join an iterable"))
        {
            state.Budget.Step();
            if (index > 0) result.Append(Self(a));
            var text = a[0] is Markup
                ? Markup.EscapeValue(item, state.Budget)
                : Argument.TextOrNull(item) ?? throw PythonTypes.TypeError($"sequence item {index}: expected str instance, {PythonTypes.NameOf(item)} found");
            result.Append(text);
            state.Budget.CheckLength(result.Length);
            index++;
        }
        state.Budget.Text(result.Length);
        return Wrap(a[0], result.ToString());
    }

    private static PythonList Pieces(RenderState state, object? origin, List<string> pieces)
    {
        state.Budget.Items(pieces.Count);
        return new PythonList([.. pieces.Select(piece => Wrap(origin, piece))]);
    }

    private static PythonTuple Partition(object?[] a, bool fromEnd)
    {
        var (text, separator) = (Self(a), Argument.Text(a[1]));
        if (separator.Length == 0) throw PythonTypes.ValueError("empty separator");
        var at = fromEnd ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        string[] parts = at >= 0 ? [text[..at], separator, text[(at + separator.Length)..]] : fromEnd ? ["", "", text] : [text, "", ""];
        return new PythonTuple([.. parts.Select(part => Wrap(a[0], part))]);
    }

    private delegate bool AffixTest(ReadOnlySpan<char> text, ReadOnlySpan<char> part);

    private static object Affix(object?[] a, AffixTest test)
    {
        var text = Self(a);
        if (a[2] is not Missing || a[3] is not Missing)
        {
            if (!TextSearch.TryRange(text, a[2], a[3], out var start, out var end)) return PythonBoolean.False;
            text = text[start..end];
        }
        if (a[1] is not PythonTuple options) return PythonBoolean.Of(test(text, Argument.Text(a[1], "affix")));
        foreach (var option in options.Items)
            if (test(text, Argument.Text(option, "affix"))) return PythonBoolean.True;
        return PythonBoolean.False;
    }

    private static object Found(long index) => index >= 0 ? PythonInteger.Box(index) : throw PythonTypes.ValueError("substring not found");
}
