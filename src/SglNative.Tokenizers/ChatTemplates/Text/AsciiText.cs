using System.Globalization;
using System.Text;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>Python's <c>ascii()</c>: what is not ASCII is escaped.</summary>
internal static class AsciiText
{
    public static string Escape(string text)
    {
        if (System.Text.Ascii.IsValid(text)) return text;
        var result = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii) result.Append((char)rune.Value);
            else if (rune.Value <= 0xFF) result.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
            else if (rune.Value <= 0xFFFF) result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else result.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
        }
        return result.ToString();
    }
}
