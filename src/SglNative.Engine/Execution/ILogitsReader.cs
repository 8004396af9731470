namespace SglNative.Engine.Execution;

/// <summary>Is given raw logits as the model computes them, for comparison and export. Never set while serving.</summary>
public interface ILogitsReader
{
    /// <summary>Whether the logits after token <paramref name="position"/> of sequence <paramref name="sequence"/> of the batch are wanted.</summary>
    bool Wants(int sequence, int position);

    /// <summary>The wanted logits, one float32 per token of the vocabulary; valid during the call only.</summary>
    void Read(int sequence, int position, ReadOnlySpan<float> logits);
}
