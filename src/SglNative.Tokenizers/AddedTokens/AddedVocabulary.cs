using System.Text;
using SglNative.Tokenizers.Normalizers;
using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Unicode;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.AddedTokens;

/// <summary>All added tokens of a tokenizer, and the search for them. Immutable and thread-safe.</summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> _tokens = [];
    private readonly HashSet<string> _special = new(StringComparer.Ordinal);
    private readonly Dictionary<int, byte[]> _spellings = [];
    private readonly TokenTrie _raw = new();
    private readonly TokenTrie _normalized = new();

    /// <summary>
    /// A token that the model knows keeps the model's id; the others are numbered from the model's size on, in order, whatever id
    /// the file states: that is the reference's rule. Other files than tokenizer.json do decide on ids (<paramref name="stated"/>).
    /// </summary>
    public AddedVocabulary(IEnumerable<AddedToken> tokens, Vocabulary model, Normalizer? normalizer, IReadOnlyDictionary<string, int>? stated = null)
    {
        var next = model.Count;
        foreach (var token in tokens)
        {
            if (token.Content.Length == 0) continue;
            if (!_ids.TryGetValue(token.Content, out var id))
            {
                id = model.IdOf(token.Content);
                if (id < 0 && stated is not null && stated.TryGetValue(token.Content, out var own)) next = Math.Max(next, (id = own) + 1);
                if (id < 0) id = next++;
                _ids[token.Content] = id;
            }
            if (token.Special) _special.Add(token.Content);
            _tokens[id] = token;
        }
        foreach (var (id, token) in _tokens)
        {
            var text = Encoding.UTF8.GetBytes(token.Content);
            if (token.Normalized && normalizer is not null)
                text = normalizer.Normalize(text);
            _spellings[id] = text;
            if (text.Length > 0) (token.Normalized ? _normalized : _raw).Add(text, id);
        }
        _raw.Seal();
        _normalized.Seal();
    }

    public IReadOnlyDictionary<string, int> Ids => _ids;

    public IReadOnlyDictionary<int, AddedToken> Tokens => _tokens;

    /// <summary>The text by which an added token is found, which is its normalized one if it is looked for in normalized text.</summary>
    public bool SpellingOf(int id, out byte[] spelling) => _spellings.TryGetValue(id, out spelling!);

    public bool IsSpecial(string content) => _special.Contains(content);

    /// <summary>Cuts a text as it came into tokens and what is between them.</summary>
    public void SplitRaw(ReadOnlySpan<byte> text, List<AddedMatch> into) => Split(text, _raw, into);

    /// <summary>The same for a normalized text.</summary>
    public void SplitNormalized(ReadOnlySpan<byte> text, List<AddedMatch> into) => Split(text, _normalized, into);

    private void Split(ReadOnlySpan<byte> text, TokenTrie trie, List<AddedMatch> into)
    {
        into.Clear();
        var last = 0;
        if (!trie.IsEmpty)
        {
            for (var from = 0; trie.Find(text, from, out var start, out var end, out var id);)
            {
                from = end;
                var token = _tokens[id];
                if (token.SingleWord && (EndsInWord(text[..start]) || StartsWithWord(text[end..]))) continue;
                if (token.LeftStrip) start = Math.Max(start - TrailingSpace(text[..start]), last);
                if (token.RightStrip) end += LeadingSpace(text[end..]);
                if (last < start) into.Add(new AddedMatch(last, start, -1));
                into.Add(new AddedMatch(start, end, id));
                last = end;
            }
        }
        if (last < text.Length) into.Add(new AddedMatch(last, text.Length, -1));
    }

    private static bool EndsInWord(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && CharacterClasses.RustWord.Contains(Utf8.Decode(text, Utf8.Previous(text, text.Length), out _));

    private static bool StartsWithWord(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && CharacterClasses.RustWord.Contains(Utf8.Decode(text, 0, out _));

    private static int TrailingSpace(ReadOnlySpan<byte> text)
    {
        var at = text.Length;
        for (int before; at > 0; at = before)
        {
            before = Utf8.Previous(text, at);
            if (!CharacterClasses.WhiteSpace.Contains(Utf8.Decode(text, before, out _))) break;
        }
        return text.Length - at;
    }

    private static int LeadingSpace(ReadOnlySpan<byte> text)
    {
        var at = 0;
        for (int length; at < text.Length && CharacterClasses.WhiteSpace.Contains(Utf8.Decode(text, at, out length)); at += length) { }
        return at;
    }
}
