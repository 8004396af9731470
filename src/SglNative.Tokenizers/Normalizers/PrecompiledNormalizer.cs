using System.Buffers.Binary;
using SglNative.Core;
using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's precompiled character map: a double-array trie from UTF-8 to offsets into a pool of zero-terminated texts.
/// </summary>
internal sealed class PrecompiledNormalizer : Normalizer
{
    /// <summary>Clusters from this length on are mapped character by character.</summary>
    private const int LongCluster = 6;
    private readonly uint[] _trie;
    private readonly byte[] _pool;

    /// <exception cref="SglException">The map is cut off.</exception>
    public PrecompiledNormalizer(ReadOnlySpan<byte> map)
    {
        if (map.Length < 4) throw new SglException($"precompiled_charsmap: {map.Length} bytes are too few for its header");
        var size = BinaryPrimitives.ReadUInt32LittleEndian(map);
        if (size % 4 != 0 || size > map.Length - 4)
            throw new SglException($"precompiled_charsmap: its header announces a trie of {size} bytes, but {map.Length - 4} follow");
        _trie = new uint[size / 4];
        for (var i = 0; i < _trie.Length; i++) _trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(map[(4 + i * 4)..]);
        _pool = map[(4 + (int)size)..].ToArray();
    }

    public override void Normalize(ReadOnlySpan<byte> text, TextBuffer to)
    {
        while (!text.IsEmpty)
        {
            var length = GraphemeClusters.FirstLength(text);
            var cluster = text[..length];
            text = text[length..];
            if (length < LongCluster && TryMap(cluster, out var mapped))
            {
                to.Append(mapped);
                continue;
            }
            for (int at = 0; at < cluster.Length; at += length)
            {
                length = Utf8.LengthOf(cluster[at]);
                var character = cluster.Slice(at, length);
                to.Append(TryMap(character, out mapped) ? mapped : character);
            }
        }
    }

    /// <summary>What the shortest key that the text begins with is mapped to; that is the reference's choice, not the longest.</summary>
    private bool TryMap(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> mapped)
    {
        mapped = default;
        if (_trie.Length == 0) return false;
        var node = Offset(_trie[0]);
        foreach (var b in text)
        {
            if (b == 0) return false;
            node ^= b;
            if (node >= _trie.Length || (_trie[node] & 0x800000ff) != b) return false;
            var unit = _trie[node];
            node ^= Offset(unit);
            if ((unit >> 8 & 1) == 0) continue;
            var at = node < _trie.Length ? _trie[node] & 0x7fffffff : uint.MaxValue;
            if (at >= _pool.Length) return false;
            mapped = _pool.AsSpan((int)at);
            var end = mapped.IndexOf((byte)0);
            if (end >= 0) mapped = mapped[..end];
            return true;
        }
        return false;
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 0x200) >> 6);
}
