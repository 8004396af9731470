using System.Text.RegularExpressions;
using SglNative.Testing;

namespace SglNative.Packaging.Tests;

/// <summary>docs/adding-a-model.md, as what there is to run in it.</summary>
internal static partial class TutorialPage
{
    private static readonly string Text = File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "adding-a-model.md"));

    /// <summary>The fenced blocks: language and text.</summary>
    public static IReadOnlyList<(string Language, string Text)> Blocks { get; } =
        [.. Fences().Matches(Text).Select(match => (match.Groups["language"].Value, match.Groups["text"].Value))];

    /// <summary>The blocks of commands, in order.</summary>
    public static IReadOnlyList<string> Commands { get; } = [.. Blocks.Where(block => block.Language == "sh").Select(block => block.Text)];

    /// <summary>Commands that a sentence or a table names: the words before the first that is a flag, a name or a placeholder.</summary>
    public static IReadOnlyList<string> Named { get; } =
        [.. Spans().Matches(Fences().Replace(Text, "")).Select(match => match.Groups["command"].Value.Trim()).Distinct()];

    [GeneratedRegex("^```(?<language>[a-z]*)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fences();

    [GeneratedRegex("`(?<command>(sgl-native|dotnet)( [a-z][a-z-]*)+)(?![a-z./=])", RegexOptions.ExplicitCapture)]
    private static partial Regex Spans();
}
