using System.Globalization;
using System.Numerics;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Syntax;

/// <summary>Number literals: decimal, hexadecimal, octal and binary integers, and floats, with underscores between digits.</summary>
internal static class NumberLiteral
{
    private const int MaxDigits = 4300;

    /// <summary>Matches the literal at a digit; returns where it ends.</summary>
    public static int Match(string source, int at, out object value, out string? error)
    {
        error = null;
        var end = at > 0 && source[at - 1] == '.' ? -1 : MatchFloat(source, at);
        if (end > 0)
        {
            value = double.Parse(Digits(source, at, end), NumberStyles.Float, CultureInfo.InvariantCulture);
            return end;
        }
        if (source[at] == '0' && at + 1 < source.Length)
        {
            var radix = char.ToLowerInvariant(source[at + 1]) switch { 'b' => 2, 'o' => 8, 'x' => 16, _ => 0 };
            if (radix > 0 && MatchDigits(source, at + 2, radix, leadingUnderscore: true) is var last && last > at + 2)
            {
                value = ParseRadix(Digits(source, at + 2, last), radix);
                return last;
            }
        }
        end = source[at] == '0' ? MatchZeros(source, at) : MatchDigits(source, at, 10, leadingUnderscore: false);
        var digits = Digits(source, at, end);
        if (digits.Length > MaxDigits) error = $"Exceeds the limit ({MaxDigits} digits) for an integer literal";
        value = error is null ? PythonInteger.Normalize(BigInteger.Parse(digits, CultureInfo.InvariantCulture)) : 0L;
        return end;
    }

    private static string Digits(string source, int start, int end) => source[start..end].Replace("_", "", StringComparison.Ordinal);

    private static int MatchFloat(string source, int at)
    {
        var i = MatchDigits(source, at, 10, leadingUnderscore: false);
        if (i == at) return -1;
        var fraction = i < source.Length && source[i] == '.' ? MatchDigits(source, i + 1, 10, leadingUnderscore: false) : -1;
        var hasFraction = fraction > i + 1;
        if (hasFraction) i = fraction;
        if (i < source.Length && source[i] is 'e' or 'E')
        {
            var exponent = i + 1;
            if (exponent < source.Length && source[exponent] is '+' or '-') exponent++;
            var end = MatchDigits(source, exponent, 10, leadingUnderscore: false);
            if (end > exponent) return end;
        }
        return hasFraction ? i : -1;
    }

    private static int MatchDigits(string source, int at, int radix, bool leadingUnderscore)
    {
        var end = at;
        while (end < source.Length)
        {
            var digit = end;
            if (source[digit] == '_' && (end > at || leadingUnderscore)) digit++;
            if (digit >= source.Length || !IsDigit(source[digit], radix)) break;
            end = digit + 1;
        }
        return end;
    }

    private static int MatchZeros(string source, int at)
    {
        var end = at + 1;
        while (end < source.Length)
        {
            var digit = source[end] == '_' ? end + 1 : end;
            if (digit >= source.Length || source[digit] != '0') break;
            end = digit + 1;
        }
        return end;
    }

    private static bool IsDigit(char c, int radix) => char.IsAsciiHexDigit(c) && Convert.ToInt32(c.ToString(), 16) < radix;

    private static object ParseRadix(string digits, int radix)
    {
        var value = BigInteger.Zero;
        foreach (var digit in digits) value = value * radix + Convert.ToInt32(digit.ToString(), 16);
        return PythonInteger.Normalize(value);
    }
}
