using SglNative.Cli.Commands;

namespace SglNative.Cli.Tests;

/// <summary>The program, run in this process.</summary>
internal static class TestProgram
{
    public static async Task<(int Code, string Output, string Error)> RunAsync(params IEnumerable<string> words)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        var code = await CommandSet.Default.RunAsync([.. words], new CommandContext(TextReader.Null, output, error, CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Asserts that the program ends with exit code 1 and one line, and returns that line without "error: ".</summary>
    public static async Task<string> RefusalAsync(params IEnumerable<string> words)
    {
        var (code, output, error) = await RunAsync(words);
        Assert.True(code == 1, $"exit code {code}: {error}");
        Assert.Empty(output);
        var lines = error.TrimEnd('\n').Split('\n').Where(line => !line.StartsWith("info: ", StringComparison.Ordinal)).ToArray();
        Assert.StartsWith("error: ", Assert.Single(lines), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        return lines[0]["error: ".Length..];
    }
}
