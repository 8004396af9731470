using System.Buffers.Binary;
using SglNative.Core;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's precompiled character map: a double-array trie from UTF-8 to offsets into a pool of zero-terminated texts.
/// </summary>
internal sealed class CharacterMap
{
    private readonly uint[] _trie;
    private readonly byte[] _pool;

    /// <exception cref="SglException">The map is cut off.</exception>
    public CharacterMap(ReadOnlySpan<byte> map)
    {
        if (map.Length < 4) throw new SglException($"precompiled_charsmap: {map.Length} bytes are too few for its header");
        var size = BinaryPrimitives.ReadUInt32LittleEndian(map);
        if (size % 4 != 0 || size > map.Length - 4)
            throw new SglException($"precompiled_charsmap: its header announces a trie of {size} bytes, but {map.Length - 4} follow");
        _trie = new uint[size / 4];
        for (var i = 0; i < _trie.Length; i++) _trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(map[(4 + i * 4)..]);
        _pool = map[(4 + (int)size)..].ToArray();
    }

    /// <summary>What the shortest key that the text begins with is mapped to.</summary>
    public bool TryMapShortest(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> mapped) => TryMap(text, longest: false, out _, out mapped);

    /// <summary>What the longest key that the text begins with is mapped to.</summary>
    public bool TryMapLongest(ReadOnlySpan<byte> text, out int length, out ReadOnlySpan<byte> mapped) => TryMap(text, longest: true, out length, out mapped);

    private bool TryMap(ReadOnlySpan<byte> text, bool longest, out int length, out ReadOnlySpan<byte> mapped)
    {
        length = 0;
        mapped = default;
        if (_trie.Length == 0) return false;
        var node = Offset(_trie[0]);
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            if (b == 0) break;
            node ^= b;
            if (node >= _trie.Length || (_trie[node] & 0x800000ff) != b) break;
            var unit = _trie[node];
            node ^= Offset(unit);
            if ((unit >> 8 & 1) == 0) continue;
            var at = node < _trie.Length ? _trie[node] & 0x7fffffff : uint.MaxValue;
            if (at >= _pool.Length) break;
            mapped = _pool.AsSpan((int)at);
            var end = mapped.IndexOf((byte)0);
            if (end >= 0) mapped = mapped[..end];
            length = i + 1;
            if (!longest) break;
        }
        return length > 0;
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 0x200) >> 6);
}
