using System.Buffers;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.AddedTokens;

/// <summary>Finds the leftmost, and there the longest, of some texts. Filled, then sealed.</summary>
internal sealed class TokenTrie
{
    private readonly ByteTrie _trie = new(16);
    private SearchValues<byte>? _firstBytes;

    public bool IsEmpty => _trie.IsEmpty;

    public void Add(ReadOnlySpan<byte> text, int id) => _trie.Add(text, id);

    public void Seal() => _firstBytes = SearchValues.Create(
        [.. Enumerable.Range(0, 256).Select(b => (byte)b).Where(b => _trie.Step(ByteTrie.Root, b) >= 0)]);

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
        var node = ByteTrie.Root;
        (length, id) = (0, -1);
        for (var i = 0; i < text.Length; i++)
        {
            node = _trie.Step(node, text[i]);
            if (node < 0) break;
            if (_trie.ValueOf(node) < 0) continue;
            length = i + 1;
            id = _trie.ValueOf(node);
        }
        return id >= 0;
    }
}
