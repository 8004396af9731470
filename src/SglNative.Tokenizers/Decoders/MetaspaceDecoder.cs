using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Decoders;

/// <summary>Writes a space for each mark (▁); the first token loses its marks if one was put in front when encoding.</summary>
internal sealed class MetaspaceDecoder(int replacement, bool stripsFirst) : Decoder
{
    public override DecodeStage Open(DecodeStage next) => new Stage(replacement, stripsFirst, next);

    private sealed class Stage(int replacement, bool stripsFirst, DecodeStage next) : DecodeStage(next)
    {
        private readonly TextBuffer _text = new();
        private bool _strips = stripsFirst;

        public override void Push(ReadOnlySpan<byte> token)
        {
            _text.Clear();
            for (int at = 0, length; at < token.Length; at += length)
            {
                var mark = Utf8.Decode(token, at, out length) == replacement;
                if (!mark) _text.Append(token.Slice(at, length));
                else if (!_strips) _text.Append((byte)' ');
            }
            _strips = false;
            Next.Push(_text.Span);
        }
    }
}
