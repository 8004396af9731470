using System.Globalization;
using SglNative.Core;

namespace SglNative.Engine.Loading;

/// <summary>
/// How the device's memory is divided: weights and KV cache together take a share (<c>--mem-fraction-static</c>), the remainder is
/// for activations.
/// </summary>
/// <param name="Total">Bytes of the device.</param>
/// <param name="Free">Bytes free before loading.</param>
/// <param name="Fraction">The share.</param>
/// <param name="Weights">Bytes of the weights.</param>
/// <param name="Tables">Bytes of rotary tables, which grow with the context length.</param>
/// <param name="KvBytesPerToken">Bytes that one token takes in all layers.</param>
internal sealed record MemoryPlan(long Total, long Free, double Fraction, long Weights, long Tables, long KvBytesPerToken)
{
    /// <summary>
    /// Tokens of the KV pool: what the share leaves beside the weights, at most <paramref name="most"/>.
    /// </summary>
    /// <exception cref="SglException">The weights and a pool of <paramref name="least"/> tokens do not fit.</exception>
    public int KvTokens(int least, int most)
    {
        var budget = (long)(Math.Min(Free, Total) * Fraction) - Weights - Tables;
        var tokens = KvBytesPerToken == 0 ? most : Math.Min(most, budget / KvBytesPerToken);
        if (budget >= 0 && tokens >= Math.Min(least, most)) return (int)tokens;
        var needed = Weights + Tables + least * KvBytesPerToken;
        var cure = Tables > Weights ? "give a smaller --context-length"
            : needed < Math.Min(Free, Total)
            ? $"raise --mem-fraction-static above {Format(Fraction)}"
            : "use a smaller model or a device with more memory";
        throw new SglException($"the model does not fit: weights {Bytes(Weights)}{(Tables > Weights ? $" + rotary tables {Bytes(Tables)}" : "")} + KV cache {Bytes(1000 * KvBytesPerToken)} per 1k tokens, at least {least} tokens, "
            + $"but --mem-fraction-static {Format(Fraction)} of {Bytes(Free)} free (of {Bytes(Total)}) is {Bytes((long)(Free * Fraction))}; {cure}");
    }

    private static string Format(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>As in messages: <c>2.47 GB</c>, <c>3.1 MB</c>.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1_000_000_000 => $"{(bytes / 1e9).ToString("0.00", CultureInfo.InvariantCulture)} GB",
        >= 1_000_000 => $"{(bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} MB",
        _ => $"{(bytes / 1e3).ToString("0.0", CultureInfo.InvariantCulture)} kB",
    };
}
