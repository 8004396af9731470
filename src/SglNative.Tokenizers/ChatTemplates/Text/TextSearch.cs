using SglNative.Tokenizers.ChatTemplates.Builtins;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>Searching text, with bounds and results in code points.</summary>
internal static class TextSearch
{
    /// <summary>The arguments are the text, what to find, and optionally where to start and end; -1 where it is not there.</summary>
    public static long Find(object?[] arguments, bool fromEnd)
    {
        var text = Argument.TextOrNull(arguments[0])!;
        var part = Argument.Text(arguments[1]);
        if (!TryRange(text, arguments[2], arguments[3], out var start, out var end)) return -1;
        var span = text.AsSpan(start, end - start);
        var at = part.Length == 0 ? fromEnd ? span.Length : 0 : fromEnd ? span.LastIndexOf(part) : span.IndexOf(part);
        return at < 0 ? -1 : PythonText.CodePointIndex(text, start + at);
    }

    public static long Count(object?[] arguments)
    {
        var text = Argument.TextOrNull(arguments[0])!;
        var part = Argument.Text(arguments[1]);
        if (!TryRange(text, arguments[2], arguments[3], out var start, out var end)) return 0;
        return part.Length == 0 ? PythonText.Length(text[start..end]) + 1 : text.AsSpan(start, end - start).Count(part);
    }

    /// <summary>The UTF-16 range of Python's start and end; false where it starts behind the end.</summary>
    public static bool TryRange(string text, object? startValue, object? endValue, out int start, out int end)
    {
        (start, end) = (0, text.Length);
        if ((startValue is null or Missing) && (endValue is null or Missing)) return true;
        var length = PythonText.Length(text);
        var first = Bound(startValue, 0, length);
        var last = Math.Min(Bound(endValue, length, length), length);
        if (first > last) return false;
        start = PythonText.Offset(text, first);
        end = PythonText.Offset(text, last);
        return true;
    }

    private static int Bound(object? value, int otherwise, int length)
    {
        if (value is null or Missing) return otherwise;
        if (!PythonInteger.TryGetClamped(value, out var bound))
            throw PythonTypes.TypeError("slice indices must be integers or None or have an __index__ method");
        return bound < 0 ? Math.Max(0, bound + length) : bound;
    }
}
