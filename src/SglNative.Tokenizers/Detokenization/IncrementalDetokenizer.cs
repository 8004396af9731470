using System.Text;
using SglNative.Tokenizers.Decoders;

namespace SglNative.Tokenizers.Detokenization;

/// <summary>
/// Turns one sequence's ids into text as they come. All that is returned, joined, is what decoding all ids at once gives; half a
/// character is never returned; what a later id could still change is held back, nothing else. In steady state
/// <see cref="AppendSpan"/> allocates nothing. Not thread-safe.
/// </summary>
public sealed class IncrementalDetokenizer
{
    private readonly HfTokenizer _tokenizer;
    private readonly bool _skipSpecialTokens;
    private readonly OutputStage _output = new();
    private readonly DecodeStage _stage;
    private char[] _characters = new char[64];
    private bool _flushed;

    internal IncrementalDetokenizer(HfTokenizer tokenizer, bool skipSpecialTokens, IEnumerable<int> promptTail)
    {
        _tokenizer = tokenizer;
        _skipSpecialTokens = skipSpecialTokens;
        _stage = tokenizer.OpenDecoder(_output);
        foreach (var id in promptTail) Push(id);
        _output.Text.Clear();
    }

    /// <summary>Takes an id; returns the text that is now certain, often one token's, sometimes none.</summary>
    public string Append(int id)
    {
        var text = AppendSpan(id);
        return text.IsEmpty ? "" : text.ToString();
    }

    /// <summary>As <see cref="Append"/>; the result is valid until the next call.</summary>
    public ReadOnlySpan<char> AppendSpan(int id)
    {
        if (_flushed) throw new InvalidOperationException("the sequence was flushed");
        Push(id);
        return Take();
    }

    /// <summary>Says that no more ids follow; returns what was held back (incomplete characters as U+FFFD).</summary>
    public string Flush()
    {
        if (_flushed) return "";
        _flushed = true;
        _stage.Finish();
        return Take().ToString();
    }

    private void Push(int id)
    {
        if ((_skipSpecialTokens && _tokenizer.IsSkippable(id)) || !_tokenizer.HasToken(id)) return;
        _stage.Push(_tokenizer.SpellingOf(id));
    }

    private ReadOnlySpan<char> Take()
    {
        var text = _output.Text.Span;
        if (text.IsEmpty) return default;
        if (_characters.Length < text.Length) _characters = new char[text.Length * 2];
        var count = Encoding.UTF8.GetChars(text, _characters);
        _output.Text.Clear();
        return _characters.AsSpan(0, count);
    }
}
