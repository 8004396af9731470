using NuGet.Versioning;
using SglNative.Cli.Commands;
using SglNative.Core;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Cli.Plugins;

/// <summary><c>sgl-native plugin update</c>: the newest version from where a plugin came, of one or of all.</summary>
internal sealed class PluginUpdateCommand : PluginCommand
{
    public override string Name => "plugin update";

    public override string Summary => "Updates one plugin, or all, to the newest version of the source it came from.";

    protected override string Usage => "[ID] [--source FEED_OR_DIR] [--plugin-dir DIR]";

    protected override IReadOnlyList<Flag> Flags => [Source, Directory];

    protected override async Task<int> RunAsync(IReadOnlyList<string> words, FlagValues values, CommandContext context)
    {
        var store = Store(values);
        var installer = new PluginInstaller(store);
        var plugins = words.Count == 0 ? store.Read().Plugins : [installer.Require(Positionals.One(words, Name, "ID"))];
        foreach (var plugin in plugins)
        {
            var source = values.Get(Source) ?? plugin.Source;
            using var feeds = new PackageFeeds(source);
            var newest = await feeds.NewestAsync(plugin.Id, context.Stop)
                ?? throw new SglException($"{source} has no package {plugin.Id}; name another source with --source");
            if (NuGetVersion.TryParse(plugin.Version, out var current) && newest <= current)
            {
                await context.Out.WriteLineAsync($"{plugin.Name} is the newest in {source}");
                continue;
            }
            var result = await installer.InstallAsync(new PluginRequest.OfFeed(plugin.Id, newest), source, plugin.Override, context.Stop);
            await context.Out.WriteLineAsync($"Updated {plugin.Id} from {plugin.Version} to {result.Plugin.Version}");
        }
        return ExitCode.Done;
    }
}
