using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Loading;

namespace SglNative.Engine.Tests;

/// <summary>Keeps the logits of every position of every sequence of a batch.</summary>
internal sealed class LogitsCollector : ILogitsReader
{
    public Dictionary<(int Sequence, int Position), float[]> Logits { get; } = [];

    public bool Wants(int sequence, int position) => true;

    public void Read(int sequence, int position, ReadOnlySpan<float> logits) => Logits.Add((sequence, position), logits.ToArray());

    /// <summary>The logits of whole sequences, prefilled together.</summary>
    public static LogitsCollector Prefill(ServerArgs args, LoadedModel loaded, params int[][] prompts)
    {
        var collector = new LogitsCollector();
        using var batch = new StaticBatch(args, loaded, prompts, 0, collector);
        batch.Compute();
        return collector;
    }

    /// <summary>The logits after the last of some tokens.</summary>
    public static float[] Last(ServerArgs args, LoadedModel loaded, int[] tokens) => Prefill(args, loaded, tokens).Logits[(0, tokens.Length - 1)];
}
