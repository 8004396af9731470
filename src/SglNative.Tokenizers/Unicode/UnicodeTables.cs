using System.IO.Compression;
using System.Text;

namespace SglNative.Tokenizers.Unicode;

/// <summary>
/// The raw tables of the embedded unicode.bin (written by scripts/unicode/generate.mjs, which also says why several Unicode
/// versions are needed). The runtime's own data is not used: it changes with the runtime and is absent without ICU.
/// </summary>
internal static class UnicodeTables
{
    private static readonly Dictionary<string, (int Offset, int Length)> Index = new(StringComparer.Ordinal);
    private static readonly byte[] Data = Load();

    public static IEnumerable<string> Names => Index.Keys;

    public static bool Contains(string table) => Index.ContainsKey(table);

    /// <summary>A set of code points.</summary>
    public static CodePointSet Set(string table)
    {
        var (at, _) = Index[table];
        var count = ReadVarint(ref at);
        var ranges = new CodePointRange[count];
        var next = 0;
        for (var i = 0; i < count; i++)
        {
            var first = next + ReadVarint(ref at);
            var last = first + ReadVarint(ref at);
            ranges[i] = new CodePointRange(first, last);
            next = last + 1;
        }
        return CodePointSet.FromSorted(ranges);
    }

    /// <summary>A value per code point, by runs; value 0 is "none", value n is label n - 1.</summary>
    public static CodePointEnumeration Enumeration(string table)
    {
        var (at, _) = Index[table];
        var labels = new string[ReadVarint(ref at)];
        for (var i = 0; i < labels.Length; i++) labels[i] = ReadText(ref at);
        var runs = ReadVarint(ref at);
        var starts = new int[runs];
        var values = new byte[runs];
        var start = 0;
        for (var i = 0; i < runs; i++)
        {
            starts[i] = start;
            start += ReadVarint(ref at);
            values[i] = (byte)ReadVarint(ref at);
        }
        return new CodePointEnumeration(labels, starts, values);
    }

    /// <summary>A sequence of code points per code point.</summary>
    public static IEnumerable<(int CodePoint, int[] Targets)> Map(string table)
    {
        var (at, _) = Index[table];
        var count = ReadVarint(ref at);
        var codePoint = 0;
        for (var i = 0; i < count; i++)
        {
            codePoint += ReadVarint(ref at);
            var targets = new int[ReadVarint(ref at)];
            for (var j = 0; j < targets.Length; j++) targets[j] = ReadVarint(ref at);
            yield return (codePoint, targets);
        }
    }

    private static byte[] Load()
    {
        using var packed = typeof(UnicodeTables).Assembly.GetManifestResourceStream("unicode.bin")!;
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        using var memory = new MemoryStream();
        unpacked.CopyTo(memory);
        var data = memory.ToArray();
        var at = 0;
        var sections = ReadVarint(data, ref at);
        for (var i = 0; i < sections; i++)
        {
            var length = ReadVarint(data, ref at);
            var name = Encoding.UTF8.GetString(data, at, length);
            at += length;
            var size = ReadVarint(data, ref at);
            Index[name] = (at, size);
            at += size;
        }
        return data;
    }

    private static string ReadText(ref int at)
    {
        var length = ReadVarint(ref at);
        var text = Encoding.UTF8.GetString(Data, at, length);
        at += length;
        return text;
    }

    private static int ReadVarint(ref int at) => ReadVarint(Data, ref at);

    private static int ReadVarint(byte[] data, ref int at)
    {
        var value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = data[at++];
            value |= (b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
    }
}
