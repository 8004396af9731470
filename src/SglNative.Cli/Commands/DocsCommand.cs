using SglNative.Core;
using SglNative.Models.Registry;

namespace SglNative.Cli.Commands;

/// <summary><c>sgl-native docs PAGE</c>: prints a reference page that follows from the program itself.</summary>
internal sealed class DocsCommand(ModelRegistry registry) : ICommand
{
    public string Name => "docs";

    public string Summary => "Prints a generated reference page: flags, models, ops.";

    public string Help(int width) => $"""
        usage: sgl-native docs flags|ops
               sgl-native docs models GOLDENS

        {Summary}
        docs/flags.md is the output of 'sgl-native docs flags', docs/ops.md that of 'sgl-native docs ops',
        docs/supported-models.md that of 'sgl-native docs models tests/goldens'.

        """;

    public async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        await context.Out.WriteAsync(args switch
        {
            ["flags"] => FlagDocs.Page(),
            ["ops"] => OpsDocs.Page(),
            ["models", var goldens] => ModelDocs.Page(registry, goldens),
            ["models"] => throw new SglException("docs models needs the folder of the checkpoints that tests verify: tests/goldens"),
            [] => throw new SglException("docs needs the name of a page: flags, models, ops"),
            _ => throw new SglException($"no page '{string.Join(' ', args)}'; the pages are: flags, models, ops"),
        });
        return ExitCode.Done;
    }
}
