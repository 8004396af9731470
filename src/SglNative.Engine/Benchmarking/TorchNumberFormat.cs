using System.Globalization;

namespace SglNative.Engine.Benchmarking;

/// <summary>How PyTorch prints the numbers of one tensor: whole, with four decimals, or with an exponent, all of one width.</summary>
internal sealed class TorchNumberFormat
{
    private const int Precision = 4;
    private const double LargestRatio = 1000;
    private const double LargestPlain = 1e8;
    private const double SmallestPlain = 1e-4;

    private readonly bool _whole;
    private readonly bool _exponent;

    private TorchNumberFormat(bool whole, bool exponent) => (_whole, _exponent) = (whole, exponent);

    /// <summary>Characters of every number, at least.</summary>
    public int Width { get; private set; } = 1;

    /// <summary>The format that fits all of <paramref name="values"/>; zeros and what is not finite have no say in it.</summary>
    public static TorchNumberFormat For(IReadOnlyCollection<float> values)
    {
        var counted = values.Where(value => float.IsFinite(value) && value != 0).ToArray();
        if (counted.Length == 0) return new TorchNumberFormat(whole: true, exponent: false);
        var (min, max) = (counted.Min(value => Math.Abs((double)value)), counted.Max(value => Math.Abs((double)value)));
        var whole = counted.All(float.IsInteger);
        var format = new TorchNumberFormat(whole, max / min > LargestRatio || max > LargestPlain || (!whole && min < SmallestPlain));
        format.Width = Math.Max(1, counted.Max(value => format.Digits(value).Length));
        return format;
    }

    /// <summary>The number, padded on the left.</summary>
    public string Write(float value) => Digits(value).PadLeft(Width);

    private string Digits(float value)
    {
        if (float.IsNaN(value)) return "nan";
        if (float.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        if (_exponent) return WithExponent(value);
        if (_whole) return Fixed(value, 0) + ".";
        return Fixed(value, Precision);
    }

    // A float32 times ten thousand is exact in float64, so that this rounds halves to even as C does; .NET's own format does not.
    private static string Fixed(float value, int decimals)
    {
        var rounded = Math.Round(value * Math.Pow(10, decimals), MidpointRounding.ToEven);
        var digits = Math.Abs(rounded).ToString("F0", CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var sign = double.IsNegative(value) ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    private static string WithExponent(float value)
    {
        if (value == 0) return double.IsNegative(value) ? "-0.0000e+00" : "0.0000e+00";
        // All digits of the number: a float32 has no more than 112.
        const int all = 120;
        var exact = Math.Abs((double)value).ToString("E120", CultureInfo.InvariantCulture);
        var exponent = int.Parse(exact[(exact.IndexOf('E', StringComparison.Ordinal) + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = string.Concat(exact.AsSpan(0, 1), exact.AsSpan(2, all));
        var kept = int.Parse(digits.AsSpan(0, Precision + 1), CultureInfo.InvariantCulture);
        var rest = digits.AsSpan(Precision + 1).TrimEnd('0');
        var half = rest is "5";
        if (half ? kept % 2 == 1 : rest.Length > 0 && rest[0] >= '5') kept++;
        if (kept == (int)Math.Pow(10, Precision + 1)) (kept, exponent) = (kept / 10, exponent + 1);
        var text = kept.ToString(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "-" : "")}{text[0]}.{text[1..]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }
}
