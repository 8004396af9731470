using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>Puts a space on either side of each ideograph, as BERT does.</summary>
internal sealed class ChineseSpacingNormalizer : Normalizer
{
    // The gap after U+2B81F is the reference's.
    private static readonly CodePointSet Ideographs = CodePointSet.FromRanges([
        new(0x4e00, 0x9fff), new(0x3400, 0x4dbf), new(0x20000, 0x2a6df), new(0x2a700, 0x2b73f), new(0x2b740, 0x2b81f),
        new(0x2b920, 0x2ceaf), new(0xf900, 0xfaff), new(0x2f800, 0x2fa1f)]);

    public override void Normalize(ReadOnlySpan<byte> text, TextBuffer to)
    {
        for (int at = 0, length; at < text.Length; at += length)
        {
            var ideograph = Ideographs.Contains(Utf8.Decode(text, at, out length));
            if (ideograph) to.Append((byte)' ');
            to.Append(text.Slice(at, length));
            if (ideograph) to.Append((byte)' ');
        }
    }
}
