using SglNative.Core;

namespace SglNative.Cli.Commands;

/// <summary><c>sgl-native docs PAGE</c>: prints a reference page that follows from the program itself.</summary>
internal sealed class DocsCommand : ICommand
{
    public string Name => "docs";

    public string Summary => "Prints a generated reference page: flags.";

    public string Help(int width) => $"""
        usage: sgl-native docs flags

        {Summary}
        docs/flags.md is the output of 'sgl-native docs flags'.

        """;

    public async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        if (args is not ["flags"])
            throw new SglException(args.Count == 0 ? "docs needs the name of a page: flags" : $"no page '{string.Join(' ', args)}'; the pages are: flags");
        await context.Out.WriteAsync(FlagDocs.Page());
        return ExitCode.Done;
    }
}
