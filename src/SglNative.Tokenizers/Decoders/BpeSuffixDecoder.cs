using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Decoders;

/// <summary>BPEDecoder: a word's end mark (&lt;/w&gt;) becomes a space, or nothing in the last token.</summary>
internal sealed class BpeSuffixDecoder(byte[] suffix) : Decoder
{
    public override DecodeStage Open(DecodeStage next) => new Stage(suffix, next);

    private sealed class Stage(byte[] suffix, DecodeStage next) : DecodeStage(next)
    {
        private readonly LiteralReplacement? _inner = suffix.Length == 0 ? null : new LiteralReplacement(suffix, " "u8.ToArray());
        private readonly LiteralReplacement? _last = suffix.Length == 0 ? null : new LiteralReplacement(suffix, []);
        private readonly TextBuffer _held = new();
        private readonly TextBuffer _text = new();

        public override void Push(ReadOnlySpan<byte> token)
        {
            Release(_inner);
            if (_inner is null || token.IndexOf(suffix) < 0) Next.Push(token);
            else _held.Append(token);
        }

        public override void Finish()
        {
            Release(_last);
            base.Finish();
        }

        private void Release(LiteralReplacement? replacement)
        {
            if (_held.Length == 0) return;
            _text.Clear();
            replacement!.Apply(_held.Span, _text);
            _held.Clear();
            Next.Push(_text.Span);
        }
    }
}
