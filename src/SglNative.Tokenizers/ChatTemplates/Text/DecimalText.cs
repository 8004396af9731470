using System.Globalization;
using System.Numerics;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>Floats with a given number of digits, rounded once from their exact value, ties to even.</summary>
internal static class DecimalText
{
    /// <summary>|value| with <paramref name="precision"/> digits after the point.</summary>
    public static string Fixed(double value, int precision)
    {
        var (numerator, denominator) = Fraction(Math.Abs(value));
        var digits = DivideToEven(numerator * BigInteger.Pow(10, precision), denominator).ToString(CultureInfo.InvariantCulture);
        if (precision == 0) return digits;
        digits = digits.PadLeft(precision + 1, '0');
        return $"{digits[..^precision]}.{digits[^precision..]}";
    }

    /// <summary>The <paramref name="precision"/> + 1 leading digits of |value| and its decimal exponent.</summary>
    public static (string Digits, int Exponent) Scientific(double value, int precision)
    {
        value = Math.Abs(value);
        if (value == 0) return (new string('0', precision + 1), 0);
        var (numerator, denominator) = Fraction(value);
        var exponent = (int)Math.Floor(Math.Log10(value));
        while (true)
        {
            var scale = precision - exponent;
            var digits = (scale >= 0
                ? DivideToEven(numerator * BigInteger.Pow(10, scale), denominator)
                : DivideToEven(numerator, denominator * BigInteger.Pow(10, -scale))).ToString(CultureInfo.InvariantCulture);
            if (digits.Length == precision + 1) return (digits, exponent);
            exponent += digits.Length > precision + 1 ? 1 : -1;
        }
    }

    /// <summary>|value| as C's <c>%e</c> writes it.</summary>
    public static string Exponential(double value, int precision, bool keepPoint = false)
    {
        var (digits, exponent) = Scientific(value, precision);
        return WithExponent(digits, exponent, keepPoint);
    }

    /// <summary>|value| as C's <c>%g</c> writes it.</summary>
    public static string General(double value, int precision, bool keepZeros)
    {
        precision = Math.Max(precision, 1);
        var (digits, exponent) = Scientific(value, precision - 1);
        if (exponent < -4 || exponent >= precision)
            return WithExponent(keepZeros ? digits : digits[0] + digits[1..].TrimEnd('0'), exponent, keepZeros);
        var text = Fixed(value, precision - 1 - exponent);
        if (keepZeros) return text.Contains('.', StringComparison.Ordinal) ? text : text + ".";
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    private static string WithExponent(string digits, int exponent, bool keepPoint)
    {
        var point = digits.Length > 1 ? "." + digits[1..] : keepPoint ? "." : "";
        return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{point}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    private static (BigInteger Numerator, BigInteger Denominator) Fraction(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52 & 0x7FF);
        var mantissa = bits & 0xFFFFFFFFFFFFF;
        if (exponent == 0) exponent++;
        else mantissa |= 1L << 52;
        exponent -= 1075;
        return exponent >= 0 ? (new BigInteger(mantissa) << exponent, BigInteger.One) : (mantissa, BigInteger.One << -exponent);
    }

    private static BigInteger DivideToEven(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var order = (remainder * 2).CompareTo(denominator);
        return order > 0 || order == 0 && !quotient.IsEven ? quotient + 1 : quotient;
    }
}
