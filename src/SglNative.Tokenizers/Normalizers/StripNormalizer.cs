using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>Drops white space at either end.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override void Normalize(ReadOnlySpan<byte> text, TextBuffer to)
    {
        while (left && !text.IsEmpty && CharacterClasses.WhiteSpace.Contains(Utf8.Decode(text, 0, out var length))) text = text[length..];
        while (right && !text.IsEmpty)
        {
            var last = Utf8.Previous(text, text.Length);
            if (!CharacterClasses.WhiteSpace.Contains(Utf8.Decode(text, last, out _))) break;
            text = text[..last];
        }
        to.Append(text);
    }
}
