using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Decoders;

/// <summary>A fixed, non-empty text and what to write for it.</summary>
internal sealed class LiteralReplacement(byte[] pattern, byte[] content)
{
    public byte[] Pattern => pattern;

    /// <summary>Appends the text with each occurrence replaced.</summary>
    public void Apply(ReadOnlySpan<byte> text, TextBuffer to)
    {
        for (int found; (found = text.IndexOf(pattern)) >= 0; text = text[(found + pattern.Length)..])
        {
            to.Append(text[..found]);
            to.Append(content);
        }
        to.Append(text);
    }
}
