using SglNative.Cli.Commands;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Cli.Plugins;

/// <summary><c>sgl-native plugin show</c>.</summary>
internal sealed class PluginShowCommand : PluginCommand
{
    public override string Name => "plugin show";

    public override string Summary => "Shows what an installed plugin consists of.";

    protected override string Usage => "ID [--plugin-dir DIR]";

    protected override IReadOnlyList<Flag> Flags => [Directory];

    protected override async Task<int> RunAsync(IReadOnlyList<string> words, FlagValues values, CommandContext context)
    {
        var store = Store(values);
        var plugin = new PluginInstaller(store).Require(Positionals.One(words, Name, "ID"));
        var output = context.Out;
        await output.WriteLineAsync($"{plugin.Name}{(plugin.Override ? " (overrides built-in names)" : "")}");
        await output.WriteLineAsync($"  source    {plugin.Source}");
        await output.WriteLineAsync($"  folder    {store.FolderOf(plugin)}");
        await output.WriteLineAsync($"  built for SglNative.Models {plugin.Sdk}");
        foreach (var one in plugin.Architectures) await output.WriteLineAsync($"  brings    {one.Name}  {one.ClassName}");
        foreach (var package in plugin.Packages) await output.WriteLineAsync($"  package   {package.Id} {package.Version}  {(package.Sha512.Length > 0 ? $"SHA-512 {package.Sha512[..16]}…" : "folder of assemblies")}");
        foreach (var (file, hash) in plugin.Files) await output.WriteLineAsync($"  file      {file}  SHA-256 {hash[..16]}…");
        return ExitCode.Done;
    }
}
