using System.Buffers;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.AddedTokens;

/// <summary>Finds the leftmost, and there the longest, of some texts. Filled, then sealed by the first search.</summary>
internal sealed class TokenTrie
{
    private readonly MergeTable _edges = new(16);
    private readonly List<int> _idOfNode = [-1];
    private SearchValues<byte>? _firstBytes;

    public bool IsEmpty => _idOfNode.Count == 1;

    public void Add(ReadOnlySpan<byte> text, int id)
    {
        var node = 0;
        foreach (var b in text)
        {
            var next = _edges.Find(node, b);
            if (next == ulong.MaxValue)
            {
                _edges.Set(node, b, 0, _idOfNode.Count);
                node = _idOfNode.Count;
                _idOfNode.Add(-1);
            }
            else node = (int)(uint)next;
        }
        _idOfNode[node] = id;
    }

    public void Seal() => _firstBytes = SearchValues.Create(
        [.. Enumerable.Range(0, 256).Where(b => _edges.Find(0, b) != ulong.MaxValue).Select(b => (byte)b)]);

    public bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end, out int id)
    {
        for (start = from; ; start++)
        {
            var skip = text[start..].IndexOfAny(_firstBytes!);
            if (skip < 0) break;
            start += skip;
            if (LongestAt(text[start..], out var length, out id))
            {
                end = start + length;
                return true;
            }
        }
        (end, id) = (-1, -1);
        return false;
    }

    private bool LongestAt(ReadOnlySpan<byte> text, out int length, out int id)
    {
        var node = 0;
        (length, id) = (0, -1);
        for (var i = 0; i < text.Length; i++)
        {
            var next = _edges.Find(node, text[i]);
            if (next == ulong.MaxValue) break;
            node = (int)(uint)next;
            if (_idOfNode[node] < 0) continue;
            length = i + 1;
            id = _idOfNode[node];
        }
        return id >= 0;
    }
}
