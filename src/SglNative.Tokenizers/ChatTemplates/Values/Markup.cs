namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>Text marked as safe by the filters <c>safe</c> and <c>escape</c>: what is joined to it is escaped.</summary>
internal sealed class Markup(string text)
{
    public string Text { get; } = text;

    /// <summary>Escapes the characters that are special in HTML.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny("&<>'\"") < 0) return text;
        return text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("'", "&#39;", StringComparison.Ordinal)
            .Replace("\"", "&#34;", StringComparison.Ordinal);
    }

    /// <summary>The text of a value, escaped unless it is marked as safe.</summary>
    public static string EscapeValue(object? value, RenderBudget budget)
    {
        if (value is Markup markup) return markup.Text;
        var text = Escape(Representation.Str(value, budget));
        budget.Text(text.Length);
        return text;
    }
}
