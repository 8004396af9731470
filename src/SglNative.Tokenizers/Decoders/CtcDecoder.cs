using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Decoders;

/// <summary>CTC: a token said twice in a row counts once, padding is dropped, a word delimiter becomes a space.</summary>
internal sealed class CtcDecoder(byte[] padding, byte[] delimiter, bool cleanup) : Decoder
{
    public override DecodeStage Open(DecodeStage next) => new Stage(padding, delimiter, cleanup, next);

    private sealed class Stage(byte[] padding, byte[] delimiter, bool cleanup, DecodeStage next) : DecodeStage(next)
    {
        private readonly LiteralReplacement _noPadding = new(padding, []);
        private readonly LiteralReplacement _space = new(delimiter, " "u8.ToArray());
        private readonly EnglishCleanup _cleanup = new();
        private readonly TextBuffer _previous = new();
        private readonly TextBuffer _text = new();
        private readonly TextBuffer _cleaned = new();
        private bool _started;

        public override void Push(ReadOnlySpan<byte> token)
        {
            if (_started && token.SequenceEqual(_previous.Span)) return;
            _started = true;
            _previous.Clear();
            _previous.Append(token);
            _text.Clear();
            _noPadding.Apply(token, _text);
            var text = _text.Span;
            if (cleanup)
            {
                _cleaned.Clear();
                _space.Apply(_cleanup.Clean(text), _cleaned);
                text = _cleaned.Span;
            }
            if (!text.IsEmpty) Next.Push(text);
        }
    }
}
