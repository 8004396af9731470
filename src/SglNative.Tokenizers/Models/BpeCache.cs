using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.Models;

/// <summary>Words seen lately and their tokens. Emptied when full, so memory stays bounded. Not thread-safe.</summary>
internal sealed class BpeCache
{
    private const int MaxWords = 1 << 16;

    /// <summary>Longer words rarely come again.</summary>
    public const int MaxLength = 128;

    private readonly ByteTable _words = new(1024, 12);
    private int[] _tokens = new int[4096];
    private int _used;

    public bool TryEmit(ReadOnlySpan<byte> word, TokenSink sink)
    {
        var at = _words.Find(word);
        if (at < 0) return false;
        var count = _tokens[at];
        sink.Add(_tokens.AsSpan(at + 1, count), _tokens.AsSpan(at + 1 + count, count));
        return true;
    }

    public void Add(ReadOnlySpan<byte> word, ReadOnlySpan<int> ids, ReadOnlySpan<int> lengths)
    {
        if (_words.Count == MaxWords)
        {
            _words.Clear();
            _used = 0;
        }
        var size = 1 + 2 * ids.Length;
        if (_tokens.Length - _used < size) Array.Resize(ref _tokens, Math.Max(_tokens.Length * 2, _used + size));
        _words.Set(word, _used);
        _tokens[_used] = ids.Length;
        ids.CopyTo(_tokens.AsSpan(_used + 1));
        lengths.CopyTo(_tokens.AsSpan(_used + 1 + ids.Length));
        _used += size;
    }
}
