using System.Runtime.CompilerServices;

namespace SglNative.Tokenizers.Text;

/// <summary>Code points of well-formed UTF-8.</summary>
internal static class Utf8
{
    /// <summary>The code point at an index and its length in bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Decode(ReadOnlySpan<byte> text, int at, out int length)
    {
        int b = text[at];
        if (b < 0x80)
        {
            length = 1;
            return b;
        }
        return DecodeMultiByte(text, at, b, out length);
    }

    private static int DecodeMultiByte(ReadOnlySpan<byte> text, int at, int b, out int length)
    {
        if (b < 0xe0)
        {
            length = 2;
            return (b & 0x1f) << 6 | text[at + 1] & 0x3f;
        }
        if (b < 0xf0)
        {
            length = 3;
            return (b & 0x0f) << 12 | (text[at + 1] & 0x3f) << 6 | text[at + 2] & 0x3f;
        }
        length = 4;
        return (b & 0x07) << 18 | (text[at + 1] & 0x3f) << 12 | (text[at + 2] & 0x3f) << 6 | text[at + 3] & 0x3f;
    }

    /// <summary>The index of the code point that ends before an index greater than 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Previous(ReadOnlySpan<byte> text, int at)
    {
        do at--; while (at > 0 && (text[at] & 0xc0) == 0x80);
        return at;
    }

    /// <summary>The length in bytes that a lead byte announces.</summary>
    public static int LengthOf(byte lead) => lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

    /// <summary>Writes a code point; returns its length.</summary>
    public static int Encode(int codePoint, Span<byte> to)
    {
        if (codePoint < 0x80)
        {
            to[0] = (byte)codePoint;
            return 1;
        }
        if (codePoint < 0x800)
        {
            to[0] = (byte)(0xc0 | codePoint >> 6);
            to[1] = (byte)(0x80 | codePoint & 0x3f);
            return 2;
        }
        if (codePoint < 0x10000)
        {
            to[0] = (byte)(0xe0 | codePoint >> 12);
            to[1] = (byte)(0x80 | codePoint >> 6 & 0x3f);
            to[2] = (byte)(0x80 | codePoint & 0x3f);
            return 3;
        }
        to[0] = (byte)(0xf0 | codePoint >> 18);
        to[1] = (byte)(0x80 | codePoint >> 12 & 0x3f);
        to[2] = (byte)(0x80 | codePoint >> 6 & 0x3f);
        to[3] = (byte)(0x80 | codePoint & 0x3f);
        return 4;
    }
}
