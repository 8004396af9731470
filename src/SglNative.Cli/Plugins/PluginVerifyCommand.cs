using SglNative.Cli.Commands;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Configuration.Flags;
using SglNative.Engine.Loading;
using SglNative.Plugins.Discovery;
using SglNative.Plugins.Loading;
using SglNative.Plugins.Store;

namespace SglNative.Cli.Plugins;

/// <summary>
/// <c>sgl-native plugin verify</c>: each thing that must hold before a plugin answers, in order, with the one that does not named.
/// </summary>
internal sealed class PluginVerifyCommand : PluginCommand
{
    private static readonly Flag<string?> ModelPath = Flag.Text("--model-path", "Checkpoint that the plugin is to serve.").Alias("--model").Shown("PATH").ForCommand();

    private static readonly Flag<string?> Reference = Flag.Text("--reference", "File of reference logits to compare with at every position.").Shown("FILE.safetensors").Own().ForCommand();

    private static readonly Flag<string?> Device = Flag.Text("--device", "Device to run on: cpu or cuda; the best there is where not given.").Shown("NAME").ForCommand();

    public override string Name => "plugin verify";

    public override string Summary => "Checks a plugin step by step: its files, its classes, a checkpoint's names and tensors, and its numbers.";

    protected override string Usage => "PACKAGE [--model-path DIR [--reference FILE]] [--device cpu] [--source FEED_OR_DIR] [--plugin-dir DIR]";

    protected override IReadOnlyList<Flag> Flags => [ModelPath, Reference, Device, Source, Directory];

    protected override async Task<int> RunAsync(IReadOnlyList<string> words, FlagValues values, CommandContext context)
    {
        var package = Positionals.One(words, Name, "PACKAGE");
        var steps = new VerificationSteps(context.Out);
        var temporary = Path.Combine(Path.GetTempPath(), $"sgl-native-verify-{Guid.NewGuid():N}");
        try
        {
            var (files, named) = await steps.DoAsync("files", () => LocateAsync(package, values, temporary, context.Stop));
            var names = await steps.DoAsync("attribute", () => Task.FromResult((PluginCauses.RequireAttribute(files), files.ReadArchitectures())));
#pragma warning disable IL2026 // the command line is not trimmed where it loads plugins
            await steps.DoAsync("load", () => Task.FromResult((PluginCauses.Load(files), 0)));
#pragma warning restore IL2026
            if (values.Get(ModelPath) is not { } model)
            {
                await context.Out.WriteLineAsync("verified; give --model-path DIR (and --reference FILE) to check a checkpoint too");
                return ExitCode.Done;
            }
            var args = new ServerArgs
            {
                ModelPath = model,
                ExternalModelPackage = named,
                PluginDir = System.IO.Directory.Exists(temporary) ? temporary : values.Get(Directory),
                Device = values.Get(Device) switch { "cpu" => DeviceChoice.Cpu, "cuda" => DeviceChoice.Cuda, _ => DeviceChoice.Auto },
            };
            var registry = ModelDiscovery.Discover(args);
            var directory = await ModelLoader.LocateAsync(args, cancellation: context.Stop);
            await steps.DoAsync("name", () => Task.FromResult((PluginCauses.RequireName(directory, names, files, registry), 0)));
            var check = await steps.DoAsync("tensors", () => Task.FromResult(PluginCauses.RequireTensors(args, directory, registry)));
            if (values.Get(Reference) is not { } file)
            {
                await context.Out.WriteLineAsync($"verified; {check.Memory}");
                return ExitCode.Done;
            }
            using var loaded = ModelLoader.Load(args, directory, DeviceOpener.Ranks(args), registry);
            using var reference = ReferenceFile.Open(file, loaded.Info.VocabSize);
            var report = ReferenceComparison.Run(args, loaded, reference, cancellation: context.Stop);
            report.Write(context.Out);
            return report.Passed ? ExitCode.Done : ExitCode.UserError;
        }
        finally
        {
            if (System.IO.Directory.Exists(temporary)) System.IO.Directory.Delete(temporary, recursive: true);
        }
    }

    // An installed plugin by its id, an assembly or folder by its path; any other package goes into a store that is deleted again.
    private static async Task<(string Line, (PluginFiles Files, string Named) Found)> LocateAsync(string package, FlagValues values, string temporary, CancellationToken stop)
    {
        var options = new PluginOptions { PluginDirectory = values.Get(Directory) };
        foreach (var store in PluginDiscovery.Stores(options))
            if (store.Read().Find(package) is { } installed)
            {
                var folder = store.FolderOf(installed);
                FileHashes.Verify(installed, folder);
                return ($"{installed.Files.Count} files of {installed.Name} are as they were installed", (Files(installed, folder), installed.Id));
            }
        if (package.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)) return (package, (PluginFiles.OfAssembly(package), package));
        var result = await new PluginInstaller(new PluginStore(temporary)).InstallAsync(PluginRequest.Parse(package), values.Get(Source), mayOverride: true, stop);
        return ($"{result.Plugin.Name} from {result.Plugin.Source}, {result.Plugin.Files.Count} files", (Files(result.Plugin, new PluginStore(temporary).FolderOf(result.Plugin)), result.Plugin.Id));
    }

    private static PluginFiles Files(InstalledPlugin plugin, string folder) =>
        new(plugin.Name, plugin.Id, plugin.Version, folder, [.. plugin.Assemblies.Select(file => Path.Combine(folder, file))]);
}
