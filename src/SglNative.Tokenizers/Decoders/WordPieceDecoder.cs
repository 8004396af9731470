using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Decoders;

/// <summary>Tokens with spaces between them, except before those that continue a word.</summary>
internal sealed class WordPieceDecoder(byte[] prefix, bool cleanup) : Decoder
{
    public override DecodeStage Open(DecodeStage next) => new Stage(prefix, cleanup ? new EnglishCleanup() : null, next);

    private sealed class Stage(byte[] prefix, EnglishCleanup? cleanup, DecodeStage next) : DecodeStage(next)
    {
        private readonly TextBuffer _text = new();
        private bool _started;

        public override void Push(ReadOnlySpan<byte> token)
        {
            _text.Clear();
            if (_started && token.StartsWith(prefix)) token = token[prefix.Length..];
            else if (_started) _text.Append((byte)' ');
            _started = true;
            _text.Append(token);
            Next.Push(cleanup is null ? _text.Span : cleanup.Clean(_text.Span));
        }
    }
}
