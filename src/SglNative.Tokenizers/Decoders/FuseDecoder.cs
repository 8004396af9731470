namespace SglNative.Tokenizers.Decoders;

/// <summary>Joins all tokens; the steps behind it see one text.</summary>
internal sealed class FuseDecoder : Decoder
{
    public override bool Fuses => true;

    public override DecodeStage Open(DecodeStage next) => new Stage(next);

    public override DecodeStage OpenFused(DecodeStage next) => new Stage(next);

    private sealed class Stage(DecodeStage next) : DecodeStage(next)
    {
        public override void Push(ReadOnlySpan<byte> token) => Next.Push(token);
    }
}
