using System.Text;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>The filter <c>urlize</c>: makes links of web addresses and mail addresses in text.</summary>
internal static class LinkText
{
    private static readonly string[] Domains = ["com", "net", "int", "edu", "gov", "org", "info", "mil"];

    public static object Urlize(RenderState state, object?[] a)
    {
        var limit = a[1] is null or Missing ? int.MaxValue : Argument.Integer(a[1], int.MaxValue);
        var rel = (a[4] is null or Missing ? "" : Argument.Text(a[4], "rel")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Append("noopener");
        if (Argument.Flag(a[2], false, state.Budget)) rel = rel.Append("nofollow");
        var target = a[3] is null or Missing ? "" : $" target=\"{Markup.Escape(Argument.Text(a[3], "target"))}\"";
        var attributes = $" rel=\"{Markup.Escape(string.Join(' ', rel.Distinct().Order(StringComparer.Ordinal)))}\"{target}";
        var schemes = a[5] is null or Missing ? [] : Iteration.ToList(a[5], state.Budget).Select(scheme => Argument.Text(scheme)).ToArray();

        var result = new StringBuilder();
        var text = Markup.EscapeValue(a[0], state.Budget);
        for (var i = 0; i < text.Length;)
        {
            // A word may cost more than a whole operation elsewhere.
            state.Budget.Step();
            var start = i;
            while (i < text.Length && char.IsWhiteSpace(text[i]) == char.IsWhiteSpace(text[start])) i++;
            var word = text[start..i];
            result.Append(char.IsWhiteSpace(text[start]) ? word : Link(word, limit, attributes, schemes));
            state.Budget.CheckLength(result.Length);
        }
        state.Budget.Text(result.Length);
        return state.Autoescape ? new Markup(result.ToString()) : result.ToString();
    }

    private static string Link(string word, int limit, string attributes, string[] schemes)
    {
        var (head, middle, tail) = Trim(word);
        if (IsWebAddress(middle))
        {
            var address = middle.StartsWith("https://", StringComparison.Ordinal) || middle.StartsWith("http://", StringComparison.Ordinal)
                ? middle
                : "https://" + middle;
            middle = $"<a href=\"{address}\"{attributes}>{Shorten(middle, limit)}</a>";
        }
        else if (middle.StartsWith("mailto:", StringComparison.Ordinal) && IsMailAddress(middle[7..]))
        {
            middle = $"<a href=\"{middle}\">{middle[7..]}</a>";
        }
        else if (middle.Contains('@', StringComparison.Ordinal) && !middle.StartsWith("www.", StringComparison.Ordinal) && !middle.StartsWith('@')
            && !middle.Contains(':', StringComparison.Ordinal) && IsMailAddress(middle))
        {
            middle = $"<a href=\"mailto:{middle}\">{middle}</a>";
        }
        else if (schemes.FirstOrDefault(scheme => middle != scheme && middle.StartsWith(scheme, StringComparison.Ordinal)) is not null)
        {
            middle = $"<a href=\"{middle}\"{attributes}>{middle}</a>";
        }
        return head + middle + tail;
    }

    private static (string Head, string Middle, string Tail) Trim(string word)
    {
        var start = 0;
        while (start < word.Length)
        {
            if (word[start] is '(' or '<') start++;
            else if (string.CompareOrdinal(word, start, "&lt;", 0, 4) == 0) start += 4;
            else break;
        }
        var end = word.Length;
        while (end > start)
        {
            if (word[end - 1] is ')' or '>' or '.' or ',' or '\n') end--;
            else if (end - start >= 4 && string.CompareOrdinal(word, end - 4, "&gt;", 0, 4) == 0) end -= 4;
            else break;
        }
        var (middle, tail) = (word[start..end], word[end..]);
        foreach (var (open, close) in new[] { ("(", ")"), ("<", ">"), ("&lt;", "&gt;") })
        {
            var missing = Count(middle, open) - Count(middle, close);
            for (; missing > 0 && tail.IndexOf(close, StringComparison.Ordinal) is >= 0 and var at; missing--)
            {
                middle += tail[..(at + close.Length)];
                tail = tail[(at + close.Length)..];
            }
        }
        return (word[..start], middle, tail);
    }

    private static int Count(string text, string part) => text.AsSpan().Count(part);

    private static string Shorten(string text, int limit) => text.Length > limit ? text[..limit] + "..." : text;

    private static bool IsMailAddress(string text)
    {
        var at = text.LastIndexOf('@');
        if (at <= 0 || at == text.Length - 1) return false;
        var domain = text[(at + 1)..];
        var dot = domain.LastIndexOf('.');
        return dot > 0 && dot < domain.Length - 1 && IsWordCharacter(domain[0])
            && domain.All(c => IsWordCharacter(c) || c is '.' or '-') && domain[(dot + 1)..].All(IsWordCharacter);
    }

    private static bool IsWebAddress(string text)
    {
        var lower = text.ToLowerInvariant();
        var hasScheme = lower.StartsWith("http://", StringComparison.Ordinal) || lower.StartsWith("https://", StringComparison.Ordinal);
        var hasPrefix = hasScheme || lower.StartsWith("www.", StringComparison.Ordinal);
        var rest = hasScheme ? lower[(lower.IndexOf("//", StringComparison.Ordinal) + 2)..] : hasPrefix ? lower[4..] : lower;
        var end = rest.AsSpan().IndexOfAny("/?#");
        var host = end < 0 ? rest : rest[..end];
        var colon = host.LastIndexOf(':');
        if (colon > 0 && host.Length - colon - 1 is >= 1 and <= 5 && host[(colon + 1)..].All(char.IsAsciiDigit)) host = host[..colon];
        if (hasScheme && host.StartsWith('[') && host.EndsWith(']')) return host[1..^1].All(c => char.IsAsciiHexDigit(c) || c == ':') && host.Count(c => c == ':') >= 2;
        var labels = host.Split('.');
        if (hasScheme && labels.Length == 4 && labels.All(label => label.Length is >= 1 and <= 3 && label.All(char.IsAsciiDigit))) return true;
        if (labels.Any(label => label.Length == 0 || !label.All(c => IsWordCharacter(c) || c is '%' or '-'))) return false;
        var top = labels[^1];
        if (hasPrefix) return top.Length is >= 2 and <= 63 && top.All(char.IsAsciiLetterLower) || top.StartsWith("xn--", StringComparison.Ordinal);
        return labels.Length >= 2 && Domains.Contains(top) && labels[..^1].All(label => label.Length is >= 2 and <= 63);
    }

    private static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || c == '_';
}
