using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>A step that rewrites the text before it is cut into pieces. Immutable and thread-safe.</summary>
internal abstract class Normalizer
{
    /// <summary>Whether the text would certainly come out as it is; a cheap test that may say no too often.</summary>
    public virtual bool LeavesAlone(ReadOnlySpan<byte> text) => text.IsEmpty;

    /// <summary>Appends the normalized text.</summary>
    public abstract void Normalize(ReadOnlySpan<byte> text, TextBuffer to);

    public byte[] Normalize(ReadOnlySpan<byte> text)
    {
        var to = new TextBuffer();
        Normalize(text, to);
        return to.Span.ToArray();
    }
}
