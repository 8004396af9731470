using System.Text;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>The filters that make text of a value or change text.</summary>
internal static class TextFilters
{
    public static IEnumerable<NativeFunction> All { get; } =
    [
        Map("upper", CaseMapping.Upper),
        Map("lower", CaseMapping.Lower),
        Map("capitalize", CaseMapping.Capitalize),
        new NativeFunction("title", "s", (s, a) => Title(Soft(a[0], s))),
        new NativeFunction("string", "/object", (s, a) => a[0] is Markup ? a[0] : Representation.Str(a[0], s.Budget)),
        new NativeFunction("trim", "value chars?", Trim),
        new NativeFunction("replace", "s old new count?", Replace),
        new NativeFunction("center", "value width?", (s, a) => Wrap(a[0], TextPadding.Center(Soft(a[0], s), Argument.Integer(a[1], 80), " ", s.Budget))),
        new NativeFunction("indent", "s width? first? blank?", Indent),
        new NativeFunction("truncate", "s length? killwords? end? leeway?", Truncate),
        new NativeFunction("wordwrap", "s width? break_long_words? wrapstring? break_on_hyphens?", WordWrap),
        new NativeFunction("wordcount", "s", (s, a) => PythonInteger.Box(CountWords(Soft(a[0], s)))),
        new NativeFunction("format", "value *args **kwargs", Format),
        new NativeFunction("tojson", "x ensure_ascii? indent? separators? sort_keys?", ToJson),
        new NativeFunction("pprint", "value", (s, a) => PrettyText.Format(a[0], s.Budget)),
        new NativeFunction("urlencode", "value", (s, a) => UrlText.EncodeValue(a[0], s.Budget)),
        new NativeFunction("filesizeformat", "value binary?", FileSize),
    ];

    private static NativeFunction Map(string name, Func<string, string> map) => new(name, "s", (s, a) => Wrap(a[0], map(Soft(a[0], s))));

    /// <summary>The text of a value; text that is marked as safe stays so in what <see cref="Wrap"/> makes of it.</summary>
    private static string Soft(object? value, RenderState state)
    {
        var text = Representation.Str(value, state.Budget);
        state.Budget.Text(text.Length);
        return text;
    }

    private static object Wrap(object? origin, string text) => StringMethods.Wrap(origin, text);

    private static object Trim(RenderState state, object?[] a)
    {
        if (a[0] is Undefined) return "";
        var characters = a[1] is null or Missing ? null : Argument.Text(a[1], "strip arg");
        return Wrap(a[0], StringMethods.Strip(Soft(a[0], state), characters, true, true));
    }

    /// <summary>Upper case at each start of a word, which follows a hyphen, a blank or an opening bracket.</summary>
    private static string Title(string text)
    {
        var result = new StringBuilder();
        var start = 0;
        for (var i = 0; i < text.Length; i = start)
        {
            while (start < text.Length && IsWordBreak(text[start])) start++;
            if (start > i) AppendWord(text[i..start]);
            i = start;
            while (start < text.Length && !IsWordBreak(text[start])) start++;
            if (start > i) AppendWord(text[i..start]);
        }
        return result.ToString();

        void AppendWord(string word)
        {
            var first = PythonText.Offset(word, 1);
            result.Append(CaseMapping.Upper(word[..first])).Append(CaseMapping.Lower(word[first..]));
        }

        static bool IsWordBreak(char c) => c is '-' or '(' or '{' or '[' or '<' || PythonText.IsSpace(c);
    }

    private static object Replace(RenderState state, object?[] a)
    {
        var count = a[3] is null ? -1 : Argument.Integer(a[3], -1);
        var (text, old, @new) = (Soft(a[0], state), Representation.Str(a[1], state.Budget), Representation.Str(a[2], state.Budget));
        if (!state.Autoescape) return TextReplacement.Replace(text, old, @new, count, state.Budget);
        var isMarkup = a[0] is Markup || a[1] is Markup || a[2] is Markup;
        if (isMarkup && a[0] is not Markup) text = Markup.Escape(text);
        if (isMarkup && a[2] is not Markup) @new = Markup.Escape(@new);
        var replaced = TextReplacement.Replace(text, old, @new, count, state.Budget);
        return isMarkup ? new Markup(replaced) : replaced;
    }

    private static object Indent(RenderState state, object?[] a)
    {
        if (!Argument.IsText(a[0])) Arithmetic.Apply(BinaryOperator.Add, a[0], "\n", state.Budget);
        var text = Argument.TextOrNull(a[0])!;
        var indention = Argument.TextOrNull(a[1]) ?? TextPadding.Left("", Argument.Integer(a[1], 4), " ", state.Budget);
        var blank = Argument.Flag(a[3], false, state.Budget);
        var lines = PythonText.SplitLines(text + "\n");
        state.Budget.Text(text.Length + (long)lines.Count * indention.Length);
        var result = new StringBuilder(Argument.Flag(a[2], false, state.Budget) ? indention : "");
        for (var i = 0; i < lines.Count; i++)
        {
            if (i > 0) result.Append('\n');
            if (i > 0 && (blank || lines[i].Length > 0)) result.Append(indention);
            result.Append(lines[i]);
        }
        return Wrap(a[0], result.ToString());
    }

    private static object? Truncate(RenderState state, object?[] a)
    {
        if (a[0] is Undefined) return a[0];
        var text = Argument.TextOrNull(a[0]) ?? throw PythonTypes.TypeError($"object of type '{PythonTypes.NameOf(a[0])}' has no len()");
        var end = a[3] is Missing ? "..." : Argument.Text(a[3], "end");
        var (length, leeway) = (Argument.Integer(a[1], 255), a[4] is null ? 5 : Argument.Integer(a[4], 5));
        var endLength = PythonText.Length(end);
        if (length < endLength) throw PythonTypes.ValueError($"expected length >= {endLength}, got {length}");
        if (leeway < 0) throw PythonTypes.ValueError($"expected leeway >= 0, got {leeway}");
        if (PythonText.Length(text) <= (long)length + leeway) return a[0];
        var kept = text[..PythonText.Offset(text, length - endLength)];
        if (!Argument.Flag(a[2], false, state.Budget))
        {
            var space = kept.LastIndexOf(' ');
            if (space >= 0) kept = kept[..space];
        }
        return Arithmetic.Apply(BinaryOperator.Add, Wrap(a[0], kept), a[3] is Missing ? end : a[3], state.Budget);
    }

    private static string WordWrap(RenderState state, object?[] a)
    {
        if (a[0] is Undefined undefined) throw undefined.Error();
        var text = Argument.Text(a[0]);
        var separator = a[3] is null or Missing ? "\n" : Argument.Text(a[3], "wrapstring");
        var wrap = new TextWrapping(
            Argument.Integer(a[1], 79), Argument.Flag(a[2], true, state.Budget), Argument.Flag(a[4], true, state.Budget), state.Budget);
        var lines = PythonText.SplitLines(text).Select(line => string.Join(separator, wrap.Wrap(line)));
        var result = string.Join(separator, lines);
        state.Budget.Text(result.Length);
        return result;
    }

    private static long CountWords(string text)
    {
        var count = 0L;
        var inside = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var isWord = CharacterClass.IsWord(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.LetterNumber;
            if (isWord && !inside) count++;
            inside = isWord;
        }
        return count;
    }

    private static object Format(RenderState state, object?[] a)
    {
        var (positional, keywords) = ((PythonTuple)a[1]!, (PythonDict)a[2]!);
        if (positional.Items.Length > 0 && keywords.Count > 0)
            throw new ChatTemplateException(TemplateErrorKind.Runtime, "can't handle positional and keyword arguments at the same time");
        var format = a[0] is Markup ? a[0]! : Soft(a[0], state);
        return PercentFormat.Apply(format, keywords.Count > 0 ? keywords : positional, state.Budget);
    }

    private static string ToJson(RenderState state, object?[] a)
    {
        var indent = a[2] switch
        {
            null or Missing => null,
            string or Markup => Argument.TextOrNull(a[2]),
            _ => TextPadding.Left("", Argument.Integer(a[2], 0), " ", state.Budget),
        };
        var (itemSeparator, keySeparator) = (indent is null ? ", " : ",", ": ");
        if (a[3] is not (null or Missing))
        {
            var separators = Iteration.ToList(a[3], state.Budget);
            if (separators.Count != 2) throw PythonTypes.ValueError($"separators must be a pair of texts, not {separators.Count} items");
            (itemSeparator, keySeparator) = (Argument.Text(separators[0], "separators"), Argument.Text(separators[1], "separators"));
        }
        var writer = new JsonText(
            Argument.Flag(a[1], false, state.Budget), indent, itemSeparator, keySeparator, Argument.Flag(a[4], false, state.Budget), state.Budget);
        return writer.Write(a[0]);
    }

    private static string FileSize(RenderState state, object?[] a)
    {
        var bytes = NumberFilters.ToReal(a[0]);
        var binary = Argument.Flag(a[1], false, state.Budget);
        double @base = binary ? 1024 : 1000;
        if (bytes == 1) return "1 Byte";
        if (bytes < @base) return $"{PythonInteger.ToText(NumberFilters.Truncate(bytes))} Bytes";
        var unit = @base;
        var prefixes = "kMGTPEZY";
        for (var i = 0; i < prefixes.Length; i++)
        {
            unit *= @base;
            if (bytes >= unit && i < prefixes.Length - 1) continue;
            var prefix = prefixes[i].ToString();
            return $"{DecimalText.Fixed(@base * bytes / unit, 1)} {(binary ? prefix.ToUpperInvariant() + "iB" : prefix + "B")}";
        }
        return "";
    }
}
