using System.Text.RegularExpressions;
using SglNative.Testing;

namespace SglNative.Packaging.Tests;

/// <summary>docs/porting.md quotes the samples as they are.</summary>
public sealed partial class PortingPageTests
{
    [Fact]
    public void What_stands_under_here_is_in_the_samples()
    {
        var page = File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "porting.md"));
        var samples = Plain(string.Concat(Directory.EnumerateFiles(Path.Combine(TestFiles.Root, "samples"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)));
        var decoder = page[page.IndexOf("## A decoder", StringComparison.Ordinal)..];
        var quotes = Rows().Matches(decoder).SelectMany(row => Quotes().Matches(row.Groups["here"].Value).Select(quote => quote.Groups["text"].Value))
            .Where(quote => quote.Contains('(', StringComparison.Ordinal) && !quote.Contains("my_key", StringComparison.Ordinal)).ToArray();
        Assert.True(quotes.Length >= 12, string.Join("\n", quotes));
        foreach (var quote in quotes.Concat(Fences().Matches(page).SelectMany(block => block.Groups["text"].Value.Split('\n'))))
            Assert.Contains(Plain(quote), samples, StringComparison.Ordinal);
    }

    private static string Plain(string text) => Spaces().Replace(text, "");

    [GeneratedRegex(@"\s")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^\|[^\n]*? \| (?<here>[^\n]*) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Rows();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Quotes();

    [GeneratedRegex("^```csharp\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fences();
}
