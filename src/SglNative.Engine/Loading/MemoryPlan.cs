using System.Globalization;
using SglNative.Core;

namespace SglNative.Engine.Loading;

/// <summary>
/// How the device's memory is divided: weights, KV cache and states together take a share (<c>--mem-fraction-static</c>), the remainder
/// is for activations and captured steps; where these need more, the share is smaller.
/// </summary>
/// <param name="Total">Bytes of the device.</param>
/// <param name="Free">Bytes free before loading.</param>
/// <param name="Fraction">The share.</param>
/// <param name="Weights">Bytes of the weights.</param>
/// <param name="Tables">Bytes of rotary tables, which grow with the context length.</param>
/// <param name="KvBytesPerToken">Bytes that one token takes in all layers.</param>
internal sealed record MemoryPlan(long Total, long Free, double Fraction, long Weights, long Tables, long KvBytesPerToken)
{
    /// <summary>Bytes that one running sequence takes in all layers, however long it is.</summary>
    public long StateBytes { get; init; }

    /// <summary>Bytes that captured decode steps take: their inputs, activations, logits and graphs.</summary>
    public long Captured { get; init; }

    private long Available => Math.Min(Free, Total);

    private long Share => Math.Min((long)(Available * Fraction), Math.Max(0, Available - Captured));

    // What the share is, as messages tell it, and the flags that make it what it is.
    private string ShareText => $"--mem-fraction-static {Format(Fraction)} of {Bytes(Free)} free (of {Bytes(Total)}) is {Bytes((long)(Available * Fraction))}"
        + (Share < (long)(Available * Fraction) ? $", {Bytes(Share)} beside {Bytes(Captured)} for captured decode steps (--cuda-graph-max-bs)" : "");

    /// <summary>
    /// Running sequences whose states are kept: <paramref name="requested"/>, or at most <paramref name="most"/> in
    /// <paramref name="part"/> of what the share leaves beside the weights; 0 where there are no states.
    /// </summary>
    /// <exception cref="SglException">The states of the requested number, or of one, do not fit.</exception>
    public int States(int? requested, int most, double part)
    {
        if (StateBytes == 0) return 0;
        var budget = Share - Weights - Tables;
        // One row is set aside.
        var fit = (long)(Math.Max(0, budget) * (requested is null ? part : 1) / StateBytes) - 1;
        var states = requested ?? (int)Math.Clamp(fit, 1, most);
        if (fit >= states) return states;
        throw new SglException($"the model does not fit: weights {Bytes(Weights)} + recurrent states {Bytes(StateBytes)} per running request, {states + 1} of them, "
            + $"but {ShareText}; "
            + (requested > 1 ? "lower --max-running-requests" : "use a smaller model or a device with more memory"));
    }

    /// <summary>
    /// Tokens of the KV pool: what the share leaves beside the weights and <paramref name="states"/> running sequences' states, at most
    /// <paramref name="most"/>.
    /// </summary>
    /// <exception cref="SglException">The weights and a pool of <paramref name="least"/> tokens do not fit.</exception>
    public int KvTokens(int least, int most, int states = 0)
    {
        var stateBytes = states == 0 ? 0 : (states + 1) * StateBytes;
        var budget = Share - Weights - Tables - stateBytes;
        var tokens = KvBytesPerToken == 0 ? most : Math.Min(most, budget / KvBytesPerToken);
        if (budget >= 0 && tokens >= Math.Min(least, most)) return (int)tokens;
        var needed = Weights + Tables + stateBytes + least * KvBytesPerToken;
        var cure = Tables > Weights ? "give a smaller --context-length"
            : needed < Available && needed + Captured >= Available ? "give a smaller --cuda-graph-max-bs"
            : needed < Available
            ? $"raise --mem-fraction-static above {Format(Fraction)}"
            : "use a smaller model or a device with more memory";
        throw new SglException($"the model does not fit: weights {Bytes(Weights)}{(Tables > Weights ? $" + rotary tables {Bytes(Tables)}" : "")} + {StatesText(states, stateBytes)}KV cache {Bytes(1000 * KvBytesPerToken)} per 1k tokens, at least {least} tokens, "
            + $"but {ShareText}; {cure}");
    }

    private static string StatesText(int states, long bytes) => states == 0 ? "" : $"states of {states} running requests {Bytes(bytes)} + ";

    private static string Format(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>As in messages: <c>2.47 GB</c>, <c>3.1 MB</c>.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1_000_000_000 => $"{(bytes / 1e9).ToString("0.00", CultureInfo.InvariantCulture)} GB",
        >= 1_000_000 => $"{(bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} MB",
        _ => $"{(bytes / 1e3).ToString("0.0", CultureInfo.InvariantCulture)} kB",
    };
}
