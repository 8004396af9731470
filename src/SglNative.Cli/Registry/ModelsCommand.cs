using SglNative.Cli.Commands;
using SglNative.Cli.Plugins;
using SglNative.Engine.Configuration;
using SglNative.Engine.Configuration.Flags;
using SglNative.Engine.Configuration.Surface;
using SglNative.Engine.Loading;
using SglNative.Models.Registry;

namespace SglNative.Cli.Registry;

/// <summary>What the commands on the registry have in common: it is filled as <c>serve</c> fills it.</summary>
internal abstract class ModelsCommand : ICommand
{
    protected static readonly Flag<bool> Json = Flag.Switch("--json", "Write JSON.").Own().ForCommand();

    public abstract string Name { get; }

    public abstract string Summary { get; }

    protected abstract string Usage { get; }

    protected abstract FlagTable Table { get; }

    public string Help(int width) => $"""
        usage: sgl-native {Name} {Usage}

        {Summary}

        """ + FlagHelp.Write(Table.Groups, width);

    public Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        var (words, flags) = Positionals.Split(args, Table);
        return RunAsync(words, ServerCommandLine.Parse(flags, Table), context);
    }

    protected abstract Task<int> RunAsync(IReadOnlyList<string> words, ServerCommandLine line, CommandContext context);

    /// <summary>The table of a command's own flags and those that name plugins.</summary>
    protected static FlagTable TableOf(params IReadOnlyList<Flag> own) => new([new FlagGroup("flags", [.. own]), PluginFlags.Group]);

    /// <summary>The registry of this command line; what could not be used is told on the error stream.</summary>
    internal static async Task<ModelRegistry> DiscoverAsync(ServerArgs args, CommandContext context)
    {
        var registry = ModelDiscovery.Discover(args);
        foreach (var step in registry.Journal.Steps.Where(step => step.Severity == RegistrySeverity.Warning)) await context.Error.WriteLineAsync($"warning: {step.Message}");
        return registry;
    }
}
