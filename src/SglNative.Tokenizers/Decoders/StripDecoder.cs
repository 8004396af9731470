using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Decoders;

/// <summary>Drops up to so many of a character at the start and at the end of each token, or of the joined text.</summary>
internal sealed class StripDecoder(int content, int start, int stop) : Decoder
{
    public override DecodeStage Open(DecodeStage next) => new TokenStage(this, next);

    public override DecodeStage OpenFused(DecodeStage next) => new TextStage(this, next);

    private static int CountLeading(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark, int most)
    {
        var count = 0;
        while (count < most && text[(count * mark.Length)..].StartsWith(mark)) count++;
        return count;
    }

    private static int CountTrailing(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark, int most)
    {
        var count = 0;
        while (count < most && text[..^(count * mark.Length)].EndsWith(mark)) count++;
        return count;
    }

    private byte[] Mark()
    {
        Span<byte> buffer = stackalloc byte[4];
        return buffer[..Utf8.Encode(content, buffer)].ToArray();
    }

    private sealed class TokenStage(StripDecoder owner, DecodeStage next) : DecodeStage(next)
    {
        private readonly byte[] _mark = owner.Mark();

        public override void Push(ReadOnlySpan<byte> token)
        {
            token = token[(CountLeading(token, _mark, owner.Start) * _mark.Length)..];
            Next.Push(token[..^(CountTrailing(token, _mark, owner.Stop) * _mark.Length)]);
        }
    }

    private sealed class TextStage(StripDecoder owner, DecodeStage next) : DecodeStage(next)
    {
        private readonly byte[] _mark = owner.Mark();
        private readonly TextBuffer _held = new();
        private int _left = owner.Start;

        public override void Push(ReadOnlySpan<byte> token)
        {
            if (token.IsEmpty) return;
            if (_left > 0)
            {
                var count = CountLeading(token, _mark, _left);
                token = token[(count * _mark.Length)..];
                _left = token.IsEmpty ? _left - count : 0;
                if (token.IsEmpty) return;
            }
            if (owner.Stop == 0)
            {
                Next.Push(token);
                return;
            }
            _held.Append(token);
            var trailing = CountTrailing(_held.Span, _mark, owner.Stop) * _mark.Length;
            var certain = _held.Length - trailing;
            if (certain == 0) return;
            Next.Push(_held.Span[..certain]);
            _held.Consume(certain);
        }
    }

    private int Start => start;

    private int Stop => stop;
}
