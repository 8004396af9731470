using System.Globalization;
using System.Text;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>Text the way Python sees it: made of code points, with Python's idea of blanks and line ends.</summary>
internal static class PythonText
{
    private static readonly string[] AsciiCharacters = [.. Enumerable.Range(0, 128).Select(c => ((char)c).ToString())];

    /// <summary>All blanks that <c>str.strip()</c> removes.</summary>
    public const string Spaces =
        "\t\n\v\f\r\x1c\x1d\x1e\x1f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

    public static bool IsSpace(char c) => c <= ' ' ? c is ' ' or >= '\t' and <= '\r' or >= '\x1c' : c >= '\x80' && char.IsWhiteSpace(c);

    /// <summary>The number of code points.</summary>
    public static int Length(string text)
    {
        var pairs = 0;
        for (var i = 0; i < text.Length - 1; i++)
            if (char.IsHighSurrogate(text[i]) && char.IsLowSurrogate(text[i + 1])) pairs++;
        return text.Length - pairs;
    }

    /// <summary>True when code points and UTF-16 units are the same.</summary>
    public static bool IsBasic(string text) => text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0;

    /// <summary>The text of one code point.</summary>
    public static string Character(char c) => c < 128 ? AsciiCharacters[c] : c.ToString();

    /// <summary>The code points as texts of their own.</summary>
    public static IEnumerable<string> Characters(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) yield return text.Substring(i++, 2);
            else yield return Character(text[i]);
        }
    }

    /// <summary>The UTF-16 offset of a code point.</summary>
    public static int Offset(string text, int codePoint)
    {
        if (codePoint <= 0) return 0;
        var i = 0;
        for (; i < text.Length && codePoint > 0; codePoint--) i += char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
        return i;
    }

    /// <summary>The code point at a UTF-16 offset.</summary>
    public static int CodePointIndex(string text, int offset) => Length(text[..offset]);

    public static string Reverse(string text) =>
        IsBasic(text) ? string.Create(text.Length, text, static (span, s) => { s.CopyTo(span); span.Reverse(); }) : string.Concat(Characters(text).Reverse());

    /// <summary>The lines as <c>str.splitlines</c> cuts them.</summary>
    public static List<string> SplitLines(string text, bool keepEnds = false)
    {
        var lines = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsLineEnd(text[i])) continue;
            var end = i;
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n') i++;
            lines.Add(text[start..(keepEnds ? i + 1 : end)]);
            start = i + 1;
        }
        if (start < text.Length) lines.Add(text[start..]);
        return lines;
    }

    private static bool IsLineEnd(char c) => c is '\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\u0085' or '\u2028' or '\u2029';

    /// <summary>Whether <c>repr</c> shows the code point as it is.</summary>
    public static bool IsPrintable(Rune rune)
    {
        if (rune.IsAscii) return rune.Value is >= 32 and < 127;
        return Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
    }

    /// <summary>A character for a one-line message.</summary>
    public static string Printable(char c) => c is >= ' ' and < '\x7f' ? c.ToString() : $"\\u{(int)c:x4}";
}
