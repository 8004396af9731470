using System.Globalization;
using System.Text;

namespace SglNative.Core;

/// <summary>Puts text that came from a file or the network into a one-line message without letting it break the line.</summary>
public static class MessageText
{
    private const int Longest = 160;

    /// <summary>The text in single quotes, control characters escaped, shortened when it is very long.</summary>
    public static string Quote(string text) => $"'{Line(text)}'";

    /// <summary>The text with control characters escaped, shortened when it is very long.</summary>
    public static string Line(string text)
    {
        var line = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, Longest)))
            if (char.IsControl(c) || c is '\u2028' or '\u2029') line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else line.Append(c);
        return line.Append(text.Length > Longest ? "…" : "").ToString();
    }

    /// <summary>A byte count as people write it: <c>15.2 GB</c> (powers of ten).</summary>
    public static string Bytes(long count) => count switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:0.0} GB"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.0} MB"),
        >= 10_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e3:0.0} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count} bytes"),
    };

    /// <summary>Several names in one line: all of a few, else the first of many and how many more.</summary>
    public static string List(IReadOnlyCollection<string> names, int most = 5) =>
        names.Count <= most
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(most))} and {names.Count - most} more";
}
