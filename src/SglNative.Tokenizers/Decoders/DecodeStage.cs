namespace SglNative.Tokenizers.Decoders;

/// <summary>
/// One step of turning tokens into text, with the state of one sequence. Steps are linked; each gets tokens (or, behind a step that
/// joins all tokens into one text, chunks of that text) and passes on what can no longer change. All text is UTF-8, cut only
/// between characters. Decoding at once and decoding in a stream are the same code, so they cannot differ.
/// </summary>
internal abstract class DecodeStage(DecodeStage? next)
{
    protected DecodeStage Next => next!;

    public abstract void Push(ReadOnlySpan<byte> token);

    /// <summary>There are no more tokens: passes on all that was held back.</summary>
    public virtual void Finish() => next?.Finish();
}
