using SglNative.Cli.Commands;
using SglNative.Engine.Configuration.Flags;
using SglNative.Plugins.Store;

namespace SglNative.Cli.Plugins;

/// <summary>What the commands on a store of plugins have in common.</summary>
internal abstract class PluginCommand : ICommand
{
    protected static readonly Flag<string?> Directory =
        Flag.Text("--plugin-dir", "The store, where it is not the user's own.").Shown("DIR").Own().ForCommand();

    protected static readonly Flag<string?> Source =
        Flag.Text("--source", "NuGet feed (…/index.json) or folder of packages; those of NuGet.config where not given.").Shown("FEED_OR_DIR").Own().ForCommand();

    protected static readonly Flag<bool> Override =
        Flag.Switch("--override", "Let its names replace built-in ones.").Own().ForCommand();

    protected static readonly Flag<bool> Json = Flag.Switch("--json", "Write JSON.").Own().ForCommand();

    public abstract string Name { get; }

    public abstract string Summary { get; }

    protected abstract string Usage { get; }

    protected abstract IReadOnlyList<Flag> Flags { get; }

    private FlagTable Table => new(new FlagGroup("flags", [.. Flags]));

    public string Help(int width) => $"""
        usage: sgl-native {Name} {Usage}

        {Summary}

        """ + FlagHelp.Write([new FlagGroup("flags", [.. Flags])], width);

    public Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        var (words, flags) = Positionals.Split(args, Table);
        return RunAsync(words, CommandLineReader.Read(Table, flags), context);
    }

    protected abstract Task<int> RunAsync(IReadOnlyList<string> words, FlagValues values, CommandContext context);

    protected static PluginStore Store(FlagValues values) => new(values.Get(Directory) ?? PluginStore.UserDirectory(Environment.GetEnvironmentVariable));
}
