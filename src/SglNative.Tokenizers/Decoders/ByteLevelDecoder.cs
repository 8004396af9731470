using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Decoders;

/// <summary>Reads the bytes that characters stand for and decodes all of them as UTF-8; what is malformed becomes U+FFFD.</summary>
internal sealed class ByteLevelDecoder : Decoder
{
    public override bool Fuses => true;

    public override DecodeStage Open(DecodeStage next) => new Stage(next);

    private sealed class Stage(DecodeStage next) : DecodeStage(next)
    {
        private readonly TextBuffer _bytes = new();
        private readonly TextBuffer _valid = new();

        public override void Push(ReadOnlySpan<byte> token)
        {
            if (!ByteAlphabet.TryRead(token, _bytes)) _bytes.Append(token);
            Emit(final: false);
        }

        public override void Finish()
        {
            Emit(final: true);
            base.Finish();
        }

        private void Emit(bool final)
        {
            _valid.Clear();
            _bytes.Consume(Utf8Repair.Repair(_bytes.Span, _valid, final));
            if (_valid.Length > 0) Next.Push(_valid.Span);
        }
    }
}
