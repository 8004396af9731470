using System.Globalization;
using SglNative.Core;
using SglNative.Models.Registry;

namespace SglNative.Cli.Commands;

/// <summary><c>sgl-native models list</c>: the architectures that can be served.</summary>
internal sealed class ModelsListCommand(ModelRegistry registry) : ICommand
{
    public string Name => "models list";

    public string Summary => "Lists the architectures that can be served, by their name in config.json.";

    public string Help(int width) => $"""
        usage: sgl-native models list

        {Summary}
        Each line has the architecture, the class that serves it and the package that class is from.

        """;

    public async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        if (args.Count > 0) throw new SglException($"models list takes no more words, but was given '{string.Join(' ', args)}'");
        var width = registry.Models.Keys.Max(name => name.Length);
        foreach (var model in registry.Models.Values)
            await context.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{model.Name.PadRight(width)}  {model.ClassName} ({model.Package})"));
        return ExitCode.Done;
    }
}
