using SglNative.Engine.Scheduling;

namespace SglNative.Engine.Sampling;

/// <summary>
/// The logits of one sequence that penalties, biases and the minimum length change, kept up to date token by token, so that a
/// step uploads only what differs from nothing.
/// </summary>
internal sealed class LogitEditList
{
    private readonly SequenceOptions _options;
    private readonly Dictionary<int, Entry> _entries = [];
    private readonly int[] _stops;
    private int _generated;

    private LogitEditList(SequenceOptions options) => (_options, _stops) = (options, [.. options.StopTokens]);

    /// <summary>The list for a sequence with this prompt; null when its options change no logit.</summary>
    public static LogitEditList? For(SequenceOptions options, ReadOnlySpan<int> prompt)
    {
        var repeats = options.RepetitionPenalty != 1;
        if (!repeats && options.FrequencyPenalty == 0 && options.PresencePenalty == 0 && options.LogitBias is null && options.MinNewTokens == 0)
            return null;
        var list = new LogitEditList(options);
        foreach (var (token, bias) in options.LogitBias ?? new Dictionary<int, float>()) list._entries[token] = new Entry(0, false, bias);
        if (repeats)
            foreach (var token in prompt) list.Update(token, entry => entry with { Seen = true });
        return list;
    }

    /// <summary>Counts a generated token.</summary>
    public void OnToken(int token)
    {
        _generated++;
        Update(token, entry => entry with { Count = entry.Count + 1, Seen = true });
    }

    /// <summary>Adds this sequence's changes for logits row <paramref name="row"/>.</summary>
    public void CopyTo(LogitEditBuffer buffer, int row)
    {
        var waiting = _generated < _options.MinNewTokens;
        foreach (var (token, entry) in _entries)
        {
            if (waiting && _options.StopTokens.Contains(token)) continue;
            var repetition = entry.Seen ? _options.RepetitionPenalty : 1;
            var bias = entry.Bias - entry.Count * _options.FrequencyPenalty - (entry.Count > 0 ? _options.PresencePenalty : 0);
            if (repetition != 1 || bias != 0) buffer.Add(row, token, repetition, bias);
        }
        if (!waiting) return;
        foreach (var token in _stops) buffer.Add(row, token, 1, float.NegativeInfinity);
    }

    private void Update(int token, Func<Entry, Entry> change) => _entries[token] = change(_entries.GetValueOrDefault(token));

    private readonly record struct Entry(int Count, bool Seen, float Bias);
}
