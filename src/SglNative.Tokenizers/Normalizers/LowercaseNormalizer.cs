using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>Full lower case, character by character: a final sigma is not special.</summary>
internal sealed class LowercaseNormalizer : Normalizer
{
    private static readonly Dictionary<int, int[]> Lower = UnicodeTables.Map("lower17").ToDictionary(e => e.CodePoint, e => e.Targets);

    public override void Normalize(ReadOnlySpan<byte> text, TextBuffer to)
    {
        for (int at = 0, length; at < text.Length; at += length)
        {
            var c = Utf8.Decode(text, at, out length);
            if (c < 0x80) to.Append((byte)(c is >= 'A' and <= 'Z' ? c | 0x20 : c));
            else if (!Lower.TryGetValue(c, out var targets)) to.Append(text.Slice(at, length));
            else
                foreach (var t in targets) to.AppendCodePoint(t);
        }
    }
}
