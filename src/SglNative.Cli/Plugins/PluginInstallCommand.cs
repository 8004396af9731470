using SglNative.Cli.Commands;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Cli.Plugins;

/// <summary><c>sgl-native plugin install</c>: from then on the package's architectures are served.</summary>
internal sealed class PluginInstallCommand : PluginCommand
{
    public override string Name => "plugin install";

    public override string Summary => "Installs a package of models; from then on 'serve' knows its architectures.";

    protected override string Usage => "PACKAGE[@VERSION] [--source FEED_OR_DIR] [--override] [--plugin-dir DIR]";

    protected override IReadOnlyList<Flag> Flags => [Source, Override, Directory];

    protected override async Task<int> RunAsync(IReadOnlyList<string> words, FlagValues values, CommandContext context)
    {
        var store = Store(values);
        var request = PluginRequest.Parse(Positionals.One(words, Name, "PACKAGE"));
        var result = await new PluginInstaller(store).InstallAsync(request, values.Get(Source), values.Get(Override), context.Stop);
        var replaced = result.Replaced is null ? "" : result.Replaced == result.Plugin.Version ? ", as it was before" : $" in place of {result.Replaced}";
        await context.Out.WriteLineAsync($"Installed {result.Plugin.Name}{replaced} in {store.Directory}");
        foreach (var one in result.Plugin.Architectures) await context.Out.WriteLineAsync($"  {one.Name}  {one.ClassName}");
        foreach (var package in result.Plugin.Packages.Skip(1)) await context.Out.WriteLineAsync($"  with {package.Id} {package.Version}");
        return ExitCode.Done;
    }
}
