using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>Puts a fixed text in front of what is not empty.</summary>
internal sealed class PrependNormalizer(byte[] content) : Normalizer
{
    public override void Normalize(ReadOnlySpan<byte> text, TextBuffer to)
    {
        if (!text.IsEmpty) to.Append(content);
        to.Append(text);
    }
}
