using System.Buffers;
using System.Globalization;
using System.Text;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>The filters for HTML.</summary>
internal static class MarkupFilters
{
    private static readonly SearchValues<char> ForbiddenInKeys = SearchValues.Create(" \t\n\v\f\r/>=");

    public static IEnumerable<NativeFunction> All { get; } =
    [
        new NativeFunction("safe", "value", (s, a) => a[0] is Markup ? a[0] : new Markup(Representation.Str(a[0], s.Budget))),
        new NativeFunction("e", "/s", (s, a) => new Markup(Markup.EscapeValue(a[0], s.Budget))),
        new NativeFunction("escape", "/s", (s, a) => new Markup(Markup.EscapeValue(a[0], s.Budget))),
        new NativeFunction("forceescape", "value", (s, a) => new Markup(Markup.Escape(Representation.Str(a[0], s.Budget)))),
        new NativeFunction("striptags", "value", (s, a) => StripTags(Representation.Str(a[0], s.Budget), s.Budget)),
        new NativeFunction("xmlattr", "d autospace?", XmlAttributes),
        new NativeFunction("urlize", "value trim_url_limit? nofollow? target? rel? extra_schemes?", LinkText.Urlize),
    ];

    private static string StripTags(string text, RenderBudget budget)
    {
        text = Remove(text, "<!--", "-->");
        text = Remove(text, "<", ">");
        text = string.Join(' ', TextSplitting.Split(text, null, -1, budget));
        return System.Net.WebUtility.HtmlDecode(text);
    }

    private static string Remove(string text, string begin, string end)
    {
        var result = new StringBuilder();
        var start = 0;
        for (int at; (at = text.IndexOf(begin, start, StringComparison.Ordinal)) >= 0;)
        {
            var close = text.IndexOf(end, at, StringComparison.Ordinal);
            if (close < 0) break;
            result.Append(text, start, at - start);
            start = close + end.Length;
        }
        return result.Append(text, start, text.Length - start).ToString();
    }

    private static object XmlAttributes(RenderState state, object?[] a)
    {
        if (a[0] is not PythonDict dict) throw PythonTypes.TypeError($"xmlattr needs a mapping, not {PythonTypes.NameOf(a[0])}");
        var parts = new List<string>();
        foreach (var entry in dict.Entries)
        {
            state.Budget.Step();
            if (entry.Value is null or Undefined) continue;
            var key = Argument.Text(entry.Key, "attribute name");
            if (key.AsSpan().ContainsAny(ForbiddenInKeys))
                throw PythonTypes.ValueError($"Invalid character in attribute name: {Representation.ReprText(key)}");
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{Markup.EscapeValue(entry.Key, state.Budget)}=\"{Markup.EscapeValue(entry.Value, state.Budget)}\""));
        }
        var text = string.Join(' ', parts);
        if (text.Length > 0 && Argument.Flag(a[1], true, state.Budget)) text = " " + text;
        state.Budget.Text(text.Length);
        return state.Autoescape ? new Markup(text) : text;
    }
}
