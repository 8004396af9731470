namespace SglNative.Tokenizers.Detokenization;

/// <summary>
/// Finds the first stop string in a text that arrives in parts, wherever the parts are cut. It holds back only what may be the
/// beginning of a stop string. Not thread-safe.
/// </summary>
public sealed class StopStringMatcher
{
    private readonly string[] _stops;
    private readonly int[][] _failures;
    private readonly int[] _states;
    private char[] _held = new char[64];
    private int _heldCount;
    private char[] _safe = new char[64];

    /// <param name="stops">Texts that end the output; empty ones are left out. Compared by UTF-16 code unit.</param>
    public StopStringMatcher(IEnumerable<string> stops)
    {
        ArgumentNullException.ThrowIfNull(stops);
        _stops = [.. stops.Where(s => s.Length > 0).Distinct(StringComparer.Ordinal)];
        _failures = [.. _stops.Select(Failures)];
        _states = new int[_stops.Length];
    }

    /// <summary>The stop string that was found, or null so far.</summary>
    public string? Matched { get; private set; }

    /// <summary>
    /// Takes the next part; returns what is certain not to be part of a stop string. The stop string that ends first counts, of
    /// several that end together the one that begins first; once it is found, everything from where it begins is dropped. The
    /// result is valid until the next call.
    /// </summary>
    public ReadOnlySpan<char> Append(ReadOnlySpan<char> text)
    {
        if (Matched is not null) return default;
        if (_stops.Length == 0) return Keep(text);
        Hold(text);
        for (var i = 0; i < text.Length; i++)
        {
            if (Advance(text[i]) is not { } stop) continue;
            Matched = stop;
            var end = _heldCount - text.Length + i + 1;
            return Release(end - stop.Length, drop: true);
        }
        var longest = 0;
        foreach (var state in _states) longest = Math.Max(longest, state);
        var safe = _heldCount - longest;
        // The two halves of a surrogate pair go together.
        if (safe > 0 && safe < _heldCount && char.IsHighSurrogate(_held[safe - 1])) safe--;
        return Release(safe, drop: false);
    }

    /// <summary>Says that the text ended; returns what was held back, or nothing after a match.</summary>
    public string Flush()
    {
        var rest = Matched is null ? new string(_held, 0, _heldCount) : "";
        _heldCount = 0;
        return rest;
    }

    /// <summary>One step of Knuth, Morris and Pratt for each stop string.</summary>
    private string? Advance(char c)
    {
        string? found = null;
        for (var s = 0; s < _stops.Length; s++)
        {
            var (stop, state) = (_stops[s], _states[s]);
            while (state > 0 && stop[state] != c) state = _failures[s][state - 1];
            if (stop[state] == c) state++;
            if (state == stop.Length)
            {
                if (found is null || stop.Length > found.Length) found = stop;
                state = _failures[s][state - 1];
            }
            _states[s] = state;
        }
        return found;
    }

    private static int[] Failures(string stop)
    {
        var failures = new int[stop.Length];
        for (int i = 1, k = 0; i < stop.Length; i++)
        {
            while (k > 0 && stop[i] != stop[k]) k = failures[k - 1];
            if (stop[i] == stop[k]) k++;
            failures[i] = k;
        }
        return failures;
    }

    private ReadOnlySpan<char> Keep(ReadOnlySpan<char> text)
    {
        if (_safe.Length < text.Length) _safe = new char[text.Length * 2];
        text.CopyTo(_safe);
        return _safe.AsSpan(0, text.Length);
    }

    private void Hold(ReadOnlySpan<char> text)
    {
        if (_held.Length - _heldCount < text.Length) Array.Resize(ref _held, Math.Max(_held.Length * 2, _heldCount + text.Length));
        text.CopyTo(_held.AsSpan(_heldCount));
        _heldCount += text.Length;
    }

    private ReadOnlySpan<char> Release(int count, bool drop)
    {
        var safe = Keep(_held.AsSpan(0, count));
        if (drop) count = _heldCount;
        _held.AsSpan(count, _heldCount - count).CopyTo(_held);
        _heldCount -= count;
        return safe;
    }
}
