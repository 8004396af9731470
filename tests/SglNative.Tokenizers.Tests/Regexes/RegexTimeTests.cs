using System.Text;
using SglNative.Core;
using SglNative.Tokenizers.Regexes;

namespace SglNative.Tokenizers.Tests.Regexes;

/// <summary>Patterns on which a backtracking matcher takes exponential or quadratic time end soon here.</summary>
public sealed class RegexTimeTests
{
    private sealed class Counter : IRegexSink
    {
        public int Count { get; private set; }

        public void Match(int start, int end) => Count++;
    }

    [Theory]
    [InlineData("(a+)+b")]
    [InlineData("(a|a)*b")]
    [InlineData("(a*)*b")]
    [InlineData("(a|aa)+$b")]
    [InlineData("(?:a?){30}a{30}b")]
    [InlineData("(.*)*x")]
    [InlineData("a*a*a*a*a*b")]
    [InlineData("(?=(a+)+b)a")]
    [InlineData("(?>(a|aa)+)b")]
    [InlineData(@"\s+(?!\S)b|(\w+\s?)+\d")]
    public void Explosive_patterns_end(string pattern)
    {
        var text = Encoding.UTF8.GetBytes(new string('a', 20_000));
        var counter = new Counter();
        new Regex(pattern).FindAll(text, counter);
        Assert.Equal(0, counter.Count);
    }

    [Theory]
    [InlineData("(", "group without its ')'")]
    [InlineData("a)", "unmatched ')'")]
    [InlineData("[a", "']'")]
    [InlineData("*a", "nothing to repeat")]
    [InlineData(@"(a)\1", "linear time")]
    [InlineData(@"\p{Nonsense}", "unknown property")]
    [InlineData("(?<=a+)b", "fixed length")]
    [InlineData("a{100000}{100000}", "unroll")]
    [InlineData("[z-a]", "a range whose end")]
    [InlineData("(?", "kind of a group")]
    public void A_malformed_pattern_is_one_line(string pattern, string message)
    {
        var error = Assert.Throws<SglException>(() => new Regex(pattern));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Absurd_nesting_is_refused() =>
        Assert.Contains("nested deeper", Assert.Throws<SglException>(() => new Regex(new string('(', 5000) + new string(')', 5000))).Message, StringComparison.Ordinal);
}
