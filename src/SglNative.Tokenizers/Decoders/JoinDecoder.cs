namespace SglNative.Tokenizers.Decoders;

/// <summary>What a tokenizer without a decoder does: tokens with spaces between them.</summary>
internal sealed class JoinDecoder : Decoder
{
    public override DecodeStage Open(DecodeStage next) => new Stage(next);

    private sealed class Stage(DecodeStage next) : DecodeStage(next)
    {
        private bool _started;

        public override void Push(ReadOnlySpan<byte> token)
        {
            if (_started) Next.Push(" "u8);
            _started = true;
            Next.Push(token);
        }
    }
}
