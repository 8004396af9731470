using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Decoders;

/// <summary>Replaces a fixed text in each token, or in the joined text.</summary>
internal sealed class LiteralReplaceDecoder(LiteralReplacement replacement) : Decoder
{
    public override DecodeStage Open(DecodeStage next) => new TokenStage(replacement, next);

    public override DecodeStage OpenFused(DecodeStage next) => new TextStage(replacement, next);

    private sealed class TokenStage(LiteralReplacement replacement, DecodeStage next) : DecodeStage(next)
    {
        private readonly TextBuffer _replaced = new();

        public override void Push(ReadOnlySpan<byte> token)
        {
            if (token.IndexOf(replacement.Pattern) < 0)
            {
                Next.Push(token);
                return;
            }
            _replaced.Clear();
            replacement.Apply(token, _replaced);
            Next.Push(_replaced.Span);
        }
    }

    private sealed class TextStage(LiteralReplacement replacement, DecodeStage next) : DecodeStage(next)
    {
        private readonly TextBuffer _held = new();
        private readonly TextBuffer _replaced = new();

        public override void Push(ReadOnlySpan<byte> token)
        {
            _held.Append(token);
            // Only what may be the beginning of an occurrence must wait, behind the last whole one.
            var pattern = replacement.Pattern.AsSpan();
            var behind = 0;
            for (int found; (found = _held.Span[behind..].IndexOf(pattern)) >= 0;) behind += found + pattern.Length;
            var waiting = Math.Min(pattern.Length - 1, _held.Length - behind);
            while (waiting > 0 && !pattern.StartsWith(_held.Span[^waiting..])) waiting--;
            Emit(_held.Length - waiting);
        }

        public override void Finish()
        {
            Emit(_held.Length);
            base.Finish();
        }

        private void Emit(int length)
        {
            if (length == 0) return;
            _replaced.Clear();
            replacement.Apply(_held.Span[..length], _replaced);
            _held.Consume(length);
            if (_replaced.Length > 0) Next.Push(_replaced.Span);
        }
    }
}
