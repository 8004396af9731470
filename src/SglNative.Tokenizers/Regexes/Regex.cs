namespace SglNative.Tokenizers.Regexes;

/// <summary>
/// A pattern in the syntax of tokenizer files, matched over the code points of UTF-8 in time linear in the text. Thread-safe.
/// </summary>
internal sealed class Regex
{
    private RegexMatcher? _spare;

    /// <exception cref="Core.SglException">The pattern is malformed, too large, or not matchable in linear time.</exception>
    public Regex(string pattern)
    {
        Pattern = pattern;
        var node = RegexParser.Parse(pattern);
        Fast = RegexCompiler.Compile(pattern, node, runs: true);
        Linear = RegexCompiler.Compile(pattern, node, runs: false);
    }

    public string Pattern { get; }

    public RegexProgram Fast { get; }

    public RegexProgram Linear { get; }

    /// <summary>
    /// Gives all matches in order, including empty ones, except an empty one right behind the last match.
    /// </summary>
    public void FindAll<TSink>(ReadOnlySpan<byte> text, TSink sink) where TSink : IRegexSink
    {
        var matcher = Interlocked.Exchange(ref _spare, null) ?? new RegexMatcher(this);
        matcher.Begin(text.Length);
        var from = 0;
        var lastEnd = -1;
        while (from <= text.Length && matcher.Find(text, from, out var start, out var end))
        {
            if (start == end && end == lastEnd)
            {
                from = end < text.Length ? end + Text.Utf8.LengthOf(text[end]) : end + 1;
                continue;
            }
            sink.Match(start, end);
            from = lastEnd = end;
        }
        _spare = matcher;
    }
}
