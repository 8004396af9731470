using System.Text.Json.Nodes;
using SglNative.Cli.Commands;
using SglNative.Cli.Text;
using SglNative.Core;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Cli.Plugins;

/// <summary><c>sgl-native plugin list</c>.</summary>
internal sealed class PluginListCommand : PluginCommand
{
    public override string Name => "plugin list";

    public override string Summary => "Lists the installed plugins.";

    protected override string Usage => "[--json] [--plugin-dir DIR]";

    protected override IReadOnlyList<Flag> Flags => [Json, Directory];

    protected override async Task<int> RunAsync(IReadOnlyList<string> words, FlagValues values, CommandContext context)
    {
        if (words.Count > 0) throw new SglException($"plugin list takes no more words, but was given '{string.Join(' ', words)}'");
        var store = Store(values);
        var plugins = store.Read().Plugins;
        if (values.Get(Json))
        {
            await context.Out.WriteLineAsync(JsonLines.Write(new JsonArray([.. plugins.Select(plugin => (JsonNode)new JsonObject
            {
                ["id"] = plugin.Id,
                ["version"] = plugin.Version,
                ["source"] = plugin.Source,
                ["architectures"] = new JsonArray([.. plugin.Architectures.Select(one => (JsonNode)one.Name)]),
            })])));
            return ExitCode.Done;
        }
        if (plugins.Count == 0) await context.Out.WriteLineAsync($"No plugins are installed in {store.Directory}; sgl-native plugin install PACKAGE installs one.");
        foreach (var plugin in plugins)
            await context.Out.WriteLineAsync($"{plugin.Name}  {string.Join(", ", plugin.Architectures.Select(one => one.Name))}  from {plugin.Source}");
        return ExitCode.Done;
    }
}
