using System.Globalization;
using System.Text;

namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>Floats as Python's <c>repr</c> writes them: the shortest digits that read back as the same number.</summary>
internal static class PythonReal
{
    public static string Repr(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        var (negative, digits, exponent) = Shortest(value);
        var text = new StringBuilder();
        if (negative) text.Append('-');
        if (exponent is < -4 or >= 16)
        {
            text.Append(digits[0]);
            if (digits.Length > 1) text.Append('.').Append(digits, 1, digits.Length - 1);
            text.Append('e').Append(exponent < 0 ? '-' : '+').Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture));
            return text.ToString();
        }
        if (exponent < 0) return text.Append("0.").Append('0', -exponent - 1).Append(digits).ToString();
        if (digits.Length <= exponent + 1) return text.Append(digits).Append('0', exponent + 1 - digits.Length).Append(".0").ToString();
        return text.Append(digits, 0, exponent + 1).Append('.').Append(digits, exponent + 1, digits.Length - exponent - 1).ToString();
    }

    /// <summary>The shortest digits d and the exponent e with value = d.ddd × 10^e.</summary>
    private static (bool Negative, string Digits, int Exponent) Shortest(double value)
    {
        var text = value.ToString("E16", CultureInfo.InvariantCulture);
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var negative = shortest[0] == '-';
        var mantissaEnd = shortest.IndexOf('E', StringComparison.Ordinal);
        var mantissa = mantissaEnd < 0 ? shortest : shortest[..mantissaEnd];
        var digits = mantissa.Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).TrimStart('0').TrimEnd('0');
        if (digits.Length == 0) return (negative, "0", 0);
        // The rounded form may carry into the next power of ten, which the shortest digits tell apart.
        var exponent = int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return (negative, digits, ExponentOf(mantissa, mantissaEnd < 0 ? "0" : shortest[(mantissaEnd + 1)..], exponent));
    }

    private static int ExponentOf(string mantissa, string power, int fallback)
    {
        var number = mantissa.TrimStart('-');
        var point = number.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? number : number[..point];
        var scale = int.Parse(power, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var significant = whole.TrimStart('0');
        if (significant.Length > 0) return scale + significant.Length - 1;
        if (point < 0) return fallback;
        var fraction = number[(point + 1)..];
        return scale - (fraction.Length - fraction.TrimStart('0').Length) - 1;
    }
}
