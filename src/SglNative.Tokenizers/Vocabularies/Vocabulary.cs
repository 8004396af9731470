using System.Text;
using SglNative.Core;

namespace SglNative.Tokenizers.Vocabularies;

/// <summary>The tokens of a model: UTF-8 text to id and back. Filled by a reader, then immutable.</summary>
internal sealed class Vocabulary(int capacity = 16)
{
    /// <summary>Ids index an array, so an absurd one must not be taken at its word.</summary>
    private const int MaxId = 1 << 24;

    private readonly ByteTable _ids = new(capacity);
    private int[] _entryOfId = [];

    /// <summary>How many distinct tokens there are.</summary>
    public int Count => _ids.Count;

    /// <summary>One more than the highest id.</summary>
    public int IdLimit { get; private set; }

    /// <exception cref="SglException">The id is negative or absurdly high.</exception>
    public void Add(ReadOnlySpan<byte> token, long id)
    {
        if (id is < 0 or > MaxId)
            throw new SglException($"vocab: the id {id} of token \"{Encoding.UTF8.GetString(token)}\" is not between 0 and {MaxId}");
        var before = _ids.Count;
        var old = _ids.Set(token, (int)id);
        if (id >= _entryOfId.Length) Array.Resize(ref _entryOfId, (int)Math.Max(id + 1, Math.Max(_entryOfId.Length * 2L, capacity)));
        IdLimit = Math.Max(IdLimit, (int)id + 1);
        // A key given twice keeps its last value, as in any JSON reader.
        if (old >= 0)
        {
            if (old == id) return;
            _entryOfId[id] = _entryOfId[old];
            _entryOfId[old] = 0;
            return;
        }
        _entryOfId[id] = before + 1;
    }

    /// <summary>The id of a token, or -1.</summary>
    public int IdOf(ReadOnlySpan<byte> token) => _ids.Find(token);

    public int IdOf(string token) => _ids.Find(Encoding.UTF8.GetBytes(token));

    public bool Contains(int id) => (uint)id < (uint)IdLimit && _entryOfId[id] != 0;

    /// <summary>The UTF-8 of a token; empty for an id that has none.</summary>
    public ReadOnlySpan<byte> TokenOf(int id) => Contains(id) ? _ids.KeyAt(_entryOfId[id] - 1) : default;

    public string? TextOf(int id) => Contains(id) ? Encoding.UTF8.GetString(TokenOf(id)) : null;
}
