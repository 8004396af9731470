using SglNative.Cli.Commands;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Cli.Plugins;

/// <summary><c>sgl-native plugin remove</c>.</summary>
internal sealed class PluginRemoveCommand : PluginCommand
{
    public override string Name => "plugin remove";

    public override string Summary => "Removes an installed plugin.";

    protected override string Usage => "ID [--plugin-dir DIR]";

    protected override IReadOnlyList<Flag> Flags => [Directory];

    protected override async Task<int> RunAsync(IReadOnlyList<string> words, FlagValues values, CommandContext context)
    {
        var plugin = new PluginInstaller(Store(values)).Remove(Positionals.One(words, Name, "ID"));
        await context.Out.WriteLineAsync($"Removed {plugin.Name}: {string.Join(", ", plugin.Architectures.Select(one => one.Name))} can no longer be served");
        return ExitCode.Done;
    }
}
