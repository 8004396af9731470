using System.Globalization;
using System.Numerics;

namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>Integers without bounds: a <see cref="long"/> where it fits, else a <see cref="BigInteger"/>.</summary>
internal static class PythonInteger
{
    /// <summary>Python refuses to convert longer integers from and to text.</summary>
    public const int MaxDigits = 4300;

    private const int MaxBits = 1 << 18;
    private static readonly object[] Small = [.. Enumerable.Range(-5, 1030).Select(i => (object)(long)i)];

    public static object Box(long value) => (ulong)(value + 5) < 1030 ? Small[value + 5] : value;

    public static object Normalize(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue) return Box((long)value);
        if (value.GetBitLength() > MaxBits) throw new ChatTemplateException(TemplateErrorKind.Limit, "the template computes too large an integer");
        return value;
    }

    /// <summary>Reads an integer or a boolean.</summary>
    public static bool TryGet(object? value, out BigInteger integer)
    {
        integer = default;
        switch (value)
        {
            case long small: integer = small; return true;
            case bool flag: integer = flag ? 1 : 0; return true;
            case BigInteger big: integer = big; return true;
            default: return false;
        }
    }

    /// <summary>Reads an integer or a boolean, held to the bounds of <see cref="int"/>: enough for an index or a count.</summary>
    public static bool TryGetClamped(object? value, out int integer)
    {
        integer = 0;
        switch (value)
        {
            case long small: integer = (int)Math.Clamp(small, int.MinValue, int.MaxValue); return true;
            case bool flag: integer = flag ? 1 : 0; return true;
            case BigInteger big: integer = big.Sign < 0 ? int.MinValue : int.MaxValue; return true;
            default: return false;
        }
    }

    public static string ToText(object value)
    {
        if (value is long small) return small.ToString(CultureInfo.InvariantCulture);
        var big = (BigInteger)value;
        if (big.GetBitLength() > MaxDigits * 3.33) throw TooLong();
        var text = big.ToString(CultureInfo.InvariantCulture);
        return text.Length - (big.Sign < 0 ? 1 : 0) > MaxDigits ? throw TooLong() : text;
    }

    private static ChatTemplateException TooLong() =>
        new(TemplateErrorKind.Value, $"Exceeds the limit ({MaxDigits} digits) for integer string conversion");
}
