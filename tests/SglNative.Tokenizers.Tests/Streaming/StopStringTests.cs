using System.Text;
using SglNative.Tokenizers.Detokenization;

namespace SglNative.Tokenizers.Tests.Streaming;

/// <summary>Stop strings, however the text is cut.</summary>
public sealed class StopStringTests
{
    [Fact]
    public void Random_texts_stop_where_a_search_of_the_whole_text_says()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            string[] alphabet = ["a", "b", "ab", "😀", "é", "\n"];
            string Make(int parts) => string.Concat(Enumerable.Range(0, parts).Select(_ => alphabet[random.Next(alphabet.Length)]));
            var text = Make(random.Next(16));
            var stops = Enumerable.Range(0, random.Next(4)).Select(_ => Make(random.Next(1, 5))).ToArray();
            var matcher = new StopStringMatcher(stops);
            var output = new StringBuilder();
            for (var at = 0; at < text.Length && matcher.Matched is null;)
            {
                var length = Math.Min(random.Next(1, 5), text.Length - at);
                if (char.IsHighSurrogate(text[at + length - 1])) length++;
                var part = matcher.Append(text.AsSpan(at, length));
                Assert.False(!part.IsEmpty && (char.IsHighSurrogate(part[^1]) || char.IsLowSurrogate(part[0])));
                output.Append(part);
                at += length;
                if (matcher.Matched is null) AssertHoldsNoMoreThanItMust(text[..at], output.Length, stops);
            }
            var (end, stop) = FirstEnd(text, stops);
            output.Append(matcher.Flush());
            Assert.Equal(stop, matcher.Matched);
            Assert.Equal(stop is null ? text : text[..(end - stop.Length)], output.ToString());
        }
    }

    [Fact]
    public void A_match_drops_what_follows()
    {
        var matcher = new StopStringMatcher(["</s>", ""]);
        Assert.Equal("a", matcher.Append("a<").ToString());
        Assert.Equal("", matcher.Append("/").ToString());
        Assert.Equal("</b", matcher.Append("b").ToString());
        Assert.Equal("c", matcher.Append("c</s>d").ToString());
        Assert.Equal("</s>", matcher.Matched);
        Assert.Equal("", matcher.Append("more").ToString());
        Assert.Equal("", matcher.Flush());
    }

    private static (int End, string? Stop) FirstEnd(string text, string[] stops)
    {
        for (var end = 1; end <= text.Length; end++)
            if (stops.Where(s => text.AsSpan(0, end).EndsWith(s)).MaxBy(s => s.Length) is { } stop) return (end, stop);
        return (-1, null);
    }

    private static void AssertHoldsNoMoreThanItMust(string text, int released, string[] stops)
    {
        var longest = stops.SelectMany(s => Enumerable.Range(1, s.Length - 1 + (s.Length == 0 ? 1 : 0)).Where(n => n < s.Length && text.EndsWith(s[..n], StringComparison.Ordinal))).DefaultIfEmpty(0).Max();
        if (longest > 0 && longest < text.Length && char.IsHighSurrogate(text[text.Length - longest - 1])) longest++;
        Assert.Equal(text.Length - longest, released);
    }
}
