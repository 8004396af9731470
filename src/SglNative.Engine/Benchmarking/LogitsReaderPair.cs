using SglNative.Engine.Execution;

namespace SglNative.Engine.Benchmarking;

/// <summary>Two readers of the same logits.</summary>
internal sealed class LogitsReaderPair(ILogitsReader first, ILogitsReader second) : ILogitsReader
{
    public bool Wants(int sequence, int position) => first.Wants(sequence, position) || second.Wants(sequence, position);

    public void Read(int sequence, int position, ReadOnlySpan<float> logits)
    {
        if (first.Wants(sequence, position)) first.Read(sequence, position, logits);
        if (second.Wants(sequence, position)) second.Read(sequence, position, logits);
    }
}
