using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>Writes each byte as the character that stands for it.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    public override void Normalize(ReadOnlySpan<byte> text, TextBuffer to) => ByteAlphabet.Write(text, to);
}
