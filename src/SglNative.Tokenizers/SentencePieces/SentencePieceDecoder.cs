using SglNative.Tokenizers.Decoders;
using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.SentencePieces;

/// <summary>
/// Turns pieces into text as the sentencepiece library does: ▁ is a space, dropped where the text begins if one was put there; a run of
/// byte pieces is read as UTF-8, each byte that does not fit as U+FFFD.
/// </summary>
/// <param name="stripsFirst">Whether the first piece loses a space.</param>
/// <param name="stripsAll">Whether further pieces lose theirs as long as there is no text yet.</param>
internal sealed class SentencePieceDecoder(bool stripsFirst, bool stripsAll) : Decoder
{
    public override bool Fuses => true;

    public override DecodeStage Open(DecodeStage next) => new Stage(stripsFirst, stripsAll, next);

    private sealed class Stage(bool stripsFirst, bool stripsAll, DecodeStage next) : DecodeStage(next)
    {
        private static readonly LiteralReplacement Space = new("▁"u8.ToArray(), " "u8.ToArray());
        private readonly TextBuffer _bytes = new();
        private readonly TextBuffer _text = new();
        private bool _strips = stripsFirst;

        public override void Push(ReadOnlySpan<byte> token)
        {
            if (ByteFallbackDecoder.ValueOf(token) is >= 0 and var value)
            {
                _bytes.Append((byte)value);
                ReadBytes(final: false);
                return;
            }
            ReadBytes(final: true);
            if (token.IsEmpty) return;
            if (_strips && token.StartsWith("▁"u8))
            {
                token = token["▁"u8.Length..];
                _strips = stripsAll && token.IsEmpty;
            }
            else _strips = false;
            _text.Clear();
            Space.Apply(token, _text);
            if (_text.Length > 0) Next.Push(_text.Span);
        }

        public override void Finish()
        {
            ReadBytes(final: true);
            base.Finish();
        }

        private void ReadBytes(bool final)
        {
            if (_bytes.Length == 0) return;
            _text.Clear();
            _bytes.Consume(Utf8Repair.RepairBytes(_bytes.Span, _text, final));
            if (_text.Length == 0) return;
            _strips = false;
            Next.Push(_text.Span);
        }
    }
}
