namespace SglNative.Tokenizers.Text;

/// <summary>
/// GPT-2's printable stand-ins for the 256 bytes: printable Latin-1 characters for themselves, the others from U+0100 on.
/// </summary>
internal static class ByteAlphabet
{
    private const int Limit = 0x144;
    private static readonly int[] Characters = BuildCharacters();
    private static readonly short[] Bytes = BuildBytes();

    public static int CharacterOf(byte value) => Characters[value];

    /// <summary>The byte a character stands for, or -1.</summary>
    public static int ByteOf(int codePoint) => codePoint < Limit ? Bytes[codePoint] : -1;

    public static void Write(ReadOnlySpan<byte> bytes, TextBuffer to)
    {
        foreach (var b in bytes) to.AppendCodePoint(Characters[b]);
    }

    /// <summary>Appends the bytes that a text stands for; false, and nothing appended, if a character stands for none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, TextBuffer to)
    {
        var length = to.Length;
        for (int at = 0, size; at < text.Length; at += size)
        {
            var value = ByteOf(Utf8.Decode(text, at, out size));
            if (value < 0)
            {
                to.Truncate(length);
                return false;
            }
            to.Append((byte)value);
        }
        return true;
    }

    private static int[] BuildCharacters()
    {
        var characters = new int[256];
        var next = 0x100;
        for (var b = 0; b < 256; b++)
            characters[b] = b is >= '!' and <= '~' or >= 0xa1 and <= 0xac or >= 0xae ? b : next++;
        return characters;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[Limit];
        Array.Fill(bytes, (short)-1);
        for (var b = 0; b < 256; b++) bytes[Characters[b]] = (short)b;
        return bytes;
    }
}
