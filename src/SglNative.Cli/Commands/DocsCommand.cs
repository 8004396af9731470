using SglNative.Core;

namespace SglNative.Cli.Commands;

/// <summary><c>sgl-native docs PAGE</c>: prints a reference page that follows from the program itself.</summary>
internal sealed class DocsCommand : ICommand
{
    public string Name => "docs";

    public string Summary => "Prints a generated reference page: flags, ops.";

    public string Help(int width) => $"""
        usage: sgl-native docs flags|ops

        {Summary}
        docs/flags.md is the output of 'sgl-native docs flags', docs/ops.md that of 'sgl-native docs ops'.

        """;

    public async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        await context.Out.WriteAsync(args switch
        {
            ["flags"] => FlagDocs.Page(),
            ["ops"] => OpsDocs.Page(),
            [] => throw new SglException("docs needs the name of a page: flags, ops"),
            _ => throw new SglException($"no page '{string.Join(' ', args)}'; the pages are: flags, ops"),
        });
        return ExitCode.Done;
    }
}
