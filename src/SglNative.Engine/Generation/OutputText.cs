using SglNative.Tokenizers;
using SglNative.Tokenizers.Detokenization;

namespace SglNative.Engine.Generation;

/// <summary>
/// From the tokens of one output to its text: whole characters only, stop strings found across token borders, and held back what
/// might still become one.
/// </summary>
internal sealed class OutputText
{
    private readonly IncrementalDetokenizer? _detokenizer;
    private readonly StopStringMatcher? _stops;
    private readonly bool _keepStop;
    private readonly int _minTokens;
    private int _tokens;

    /// <summary>Text of an output; without a tokenizer there is none.</summary>
    public OutputText(HfTokenizer? tokenizer, Sampling.SamplingParams sampling)
    {
        _detokenizer = tokenizer?.CreateDetokenizer(sampling.SkipSpecialTokens);
        _stops = sampling.Stop.Count > 0 ? new StopStringMatcher(sampling.Stop) : null;
        _keepStop = sampling.NoStopTrim;
        _minTokens = sampling.MinNewTokens;
    }

    /// <summary>The stop string that was found; nothing is emitted after it.</summary>
    public string? MatchedStop { get; private set; }

    /// <summary>The text that token <paramref name="id"/> makes certain.</summary>
    public string Append(int id)
    {
        _tokens++;
        if (_detokenizer is null) return "";
        var text = _detokenizer.Append(id);
        // Nothing ends the output before its least length: a stop string is looked for in the text of the tokens from there on.
        return _tokens < _minTokens ? text : Filter(text);
    }

    /// <summary>What was held back, when the output has ended.</summary>
    public string Flush()
    {
        if (_detokenizer is null || MatchedStop is not null) return "";
        var text = Filter(_detokenizer.Flush());
        return MatchedStop is null && _stops is not null ? text + _stops.Flush() : text;
    }

    private string Filter(string text)
    {
        if (_stops is null || MatchedStop is not null) return MatchedStop is null ? text : "";
        var safe = _stops.Append(text).ToString();
        MatchedStop = _stops.Matched;
        return MatchedStop is not null && _keepStop ? safe + MatchedStop : safe;
    }
}
