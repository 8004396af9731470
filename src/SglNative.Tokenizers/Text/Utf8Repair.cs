using System.Buffers;
using System.Text;

namespace SglNative.Tokenizers.Text;

/// <summary>Decodes bytes that need not be UTF-8.</summary>
internal static class Utf8Repair
{
    /// <summary>
    /// Appends the bytes with each maximal malformed part as U+FFFD and returns how many were read: all of them, but for the
    /// beginning of a character at the end that later bytes may complete, unless there are none to come.
    /// </summary>
    public static int Repair(ReadOnlySpan<byte> bytes, TextBuffer to, bool final) => Repair(bytes, to, final, bytewise: false);

    /// <summary>The same with each byte of a malformed part as U+FFFD.</summary>
    public static int RepairBytes(ReadOnlySpan<byte> bytes, TextBuffer to, bool final) => Repair(bytes, to, final, bytewise: true);

    private static int Repair(ReadOnlySpan<byte> bytes, TextBuffer to, bool final, bool bytewise)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            var status = Rune.DecodeFromUtf8(bytes[at..], out _, out var length);
            if (status == OperationStatus.NeedMoreData && !final) break;
            if (status == OperationStatus.Done) to.Append(bytes.Slice(at, length));
            else
            {
                to.AppendCodePoint(0xfffd);
                if (bytewise) length = 1;
            }
            at += length;
        }
        return at;
    }
}
