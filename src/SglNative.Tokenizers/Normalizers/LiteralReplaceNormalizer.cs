using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>Replaces each occurrence of a fixed, non-empty text.</summary>
internal sealed class LiteralReplaceNormalizer(byte[] pattern, byte[] content) : Normalizer
{
    public override bool LeavesAlone(ReadOnlySpan<byte> text) => text.IndexOf(pattern) < 0;

    public override void Normalize(ReadOnlySpan<byte> text, TextBuffer to)
    {
        for (int found; (found = text.IndexOf(pattern)) >= 0; text = text[(found + pattern.Length)..])
        {
            to.Append(text[..found]);
            to.Append(content);
        }
        to.Append(text);
    }
}
