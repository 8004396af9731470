using System.Text;

namespace SglNative.Tokenizers.Text;

/// <summary>A growing UTF-8 text that is reused from call to call.</summary>
internal sealed class TextBuffer
{
    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Truncate(int length) => Length = length;

    public void Append(byte value)
    {
        if (Length == _bytes.Length) Grow(1);
        _bytes[Length++] = value;
    }

    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        Length += text.Length;
    }

    public void AppendCodePoint(int codePoint) => Length += Utf8.Encode(codePoint, Reserve(4));

    /// <summary>Appends UTF-16; an unpaired surrogate becomes U+FFFD.</summary>
    public void Append(ReadOnlySpan<char> text) => Length += Encoding.UTF8.GetBytes(text, Reserve(checked(text.Length * 3)));

    /// <summary>Removes bytes from the front.</summary>
    public void Consume(int count)
    {
        _bytes.AsSpan(count, Length - count).CopyTo(_bytes);
        Length -= count;
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count) Grow(count);
        return _bytes.AsSpan(Length);
    }

    private void Grow(int count) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, checked(Length + count)));
}
