namespace SglNative.Engine.Benchmarking;

/// <summary>One measurement to make.</summary>
/// <param name="BatchSize">Sequences in the batch.</param>
/// <param name="InputLength">Prompt tokens of each.</param>
/// <param name="OutputLength">Tokens to generate of each; the first comes from the prefill.</param>
public readonly record struct LatencyCase(int BatchSize, int InputLength, int OutputLength);
