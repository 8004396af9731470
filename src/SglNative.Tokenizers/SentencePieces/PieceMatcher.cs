using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.SentencePieces;

/// <summary>Finds the longest of some pieces that a text begins with.</summary>
internal sealed class PieceMatcher
{
    private readonly ByteTrie _trie = new(16);

    public PieceMatcher(IEnumerable<byte[]> pieces)
    {
        foreach (var piece in pieces) _trie.Add(piece, 0);
    }

    /// <summary>The length of the longest piece, or 0.</summary>
    public int LongestAt(ReadOnlySpan<byte> text)
    {
        if (_trie.IsEmpty) return 0;
        var (node, longest) = (ByteTrie.Root, 0);
        for (var i = 0; i < text.Length; i++)
        {
            node = _trie.Step(node, text[i]);
            if (node < 0) break;
            if (_trie.ValueOf(node) >= 0) longest = i + 1;
        }
        return longest;
    }
}
