namespace SglNative.Interop.Kernels;

/// <summary>
/// Finds the include directives of a source text. Conditions are not evaluated: an include in an inactive branch counts, which makes
/// the hash cover more than needed and never less.
/// </summary>
internal static class IncludeScanner
{
    /// <summary>Each include's line (from 1) and file name; the name is null where a macro stands instead of it.</summary>
    public static IEnumerable<(int Line, string? Path)> Scan(string text)
    {
        var number = 0;
        foreach (var line in WithoutComments(text).Split('\n'))
        {
            number++;
            var rest = line.AsSpan().TrimStart();
            if (!TrySkip(ref rest, "#") || !TrySkip(ref rest, "include")) continue;
            var end = rest.Length < 2 ? -1 : rest[0] switch
            {
                '"' => rest[1..].IndexOf('"'),
                '<' => rest[1..].IndexOf('>'),
                _ => -1,
            };
            yield return (number, end < 1 ? null : rest.Slice(1, end).ToString());
        }
    }

    private static bool TrySkip(ref ReadOnlySpan<char> rest, string word)
    {
        if (!rest.StartsWith(word, StringComparison.Ordinal)) return false;
        rest = rest[word.Length..].TrimStart();
        return true;
    }

    // Comments become blanks (line breaks stay), so that a commented include does not count; literals are kept as they are.
    private static string WithoutComments(string text)
    {
        var result = text.ToCharArray();
        for (var i = 0; i < result.Length; i++)
        {
            if (text[i] is '"' or '\'') i = EndOfLiteral(text, i);
            else if (At(text, i, "//"))
                while (i < result.Length && text[i] != '\n') result[i++] = ' ';
            else if (At(text, i, "/*"))
            {
                var end = text.IndexOf("*/", i + 2, StringComparison.Ordinal);
                end = end < 0 ? result.Length : end + 2;
                for (; i < end; i++) if (text[i] != '\n') result[i] = ' ';
                i--;
            }
        }
        return new string(result);
    }

    private static bool At(string text, int index, string what) => string.CompareOrdinal(text, index, what, 0, what.Length) == 0;

    // Literals end with their line at the latest: an apostrophe may also be a digit separator (1'000).
    private static int EndOfLiteral(string text, int start)
    {
        for (var i = start + 1; i < text.Length && text[i] != '\n'; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == text[start]) return i;
        }
        return text[start] == '\'' ? start : Math.Max(start, text.IndexOf('\n', start) is var end && end < 0 ? text.Length - 1 : end);
    }
}
