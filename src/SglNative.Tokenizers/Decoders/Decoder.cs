namespace SglNative.Tokenizers.Decoders;

/// <summary>The immutable description of a decoding step.</summary>
internal abstract class Decoder
{
    /// <summary>Whether the step makes one text of all tokens.</summary>
    public virtual bool Fuses => false;

    /// <summary>A fresh stage for one sequence of tokens.</summary>
    public abstract DecodeStage Open(DecodeStage next);

    /// <summary>
    /// A fresh stage for a text that an earlier step has joined and that arrives in chunks. Unless a step knows better, it waits
    /// for all of the text.
    /// </summary>
    public virtual DecodeStage OpenFused(DecodeStage next) => new CollectingStage(Open(next));

    /// <summary>Links the stages of some decoders in front of an end.</summary>
    public static DecodeStage Link(IReadOnlyList<Decoder> decoders, DecodeStage end)
    {
        var fusedAt = decoders.Index().Where(d => d.Item.Fuses).Select(d => d.Index).DefaultIfEmpty(int.MaxValue).First();
        var stage = end;
        for (var i = decoders.Count - 1; i >= 0; i--) stage = i > fusedAt ? decoders[i].OpenFused(stage) : decoders[i].Open(stage);
        return stage;
    }

    private sealed class CollectingStage(DecodeStage next) : DecodeStage(next)
    {
        private readonly Text.TextBuffer _text = new();

        public override void Push(ReadOnlySpan<byte> token) => _text.Append(token);

        public override void Finish()
        {
            Next.Push(_text.Span);
            _text.Clear();
            base.Finish();
        }
    }
}
