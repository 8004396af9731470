namespace SglNative.Engine.Configuration.Flags;

/// <summary>Puts what a user typed into a one-line message.</summary>
internal static class Printable
{
    private const int MaxShown = 80;

    /// <summary>The text in quotes, shortened, its control characters replaced so that the message stays one line.</summary>
    public static string Quote(string text)
    {
        var shown = text.Length > MaxShown ? string.Concat(text.AsSpan(0, MaxShown), "…") : text;
        return $"'{OneLine(shown)}'";
    }

    /// <summary>The text with control characters replaced by spaces.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
