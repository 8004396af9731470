using SglNative.Core;
using SglNative.Models.Registry;
using SglNative.Plugins.Loading;
using SglNative.Plugins.Store;

namespace SglNative.Cli.Plugins;

/// <summary>Puts plugins into a store and takes them out.</summary>
internal sealed class PluginInstaller(PluginStore store)
{
    /// <summary>What an installation did.</summary>
    /// <param name="Plugin">The entry now in the lock file.</param>
    /// <param name="Replaced">The version that was there before; null where none was.</param>
    public sealed record Result(InstalledPlugin Plugin, string? Replaced);

    /// <summary>Restores, checks and installs; nothing is left behind when it fails.</summary>
    /// <exception cref="SglException">The package cannot be found, or is no plugin that runs here.</exception>
    public async Task<Result> InstallAsync(PluginRequest request, string? source, bool mayOverride, CancellationToken stop)
    {
        Directory.CreateDirectory(store.Directory);
        var staging = Path.Combine(store.Directory, $".staging-{Guid.NewGuid():N}");
        try
        {
            using var feeds = new PackageFeeds(source);
            var restored = await new PluginRestore(feeds, staging).RunAsync(request, stop);
            var plugin = Examine(restored, staging, mayOverride);
            var (before, removed) = Commit(plugin, staging);
            TryLoad(plugin, before);
            if (removed is not null) Delete(removed);
            return new Result(plugin, before?.Version);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException($"the plugin store {store.Directory} cannot be written: {e.Message}", e);
        }
        finally
        {
            Delete(staging);
        }
    }

    /// <summary>Takes a plugin out.</summary>
    /// <exception cref="SglException">No plugin of that id is installed.</exception>
    public InstalledPlugin Remove(string id)
    {
        var plugin = Require(id);
        store.Change(read => read.Without(plugin));
        Delete(Path.Combine(store.Directory, plugin.Id.ToLowerInvariant()));
        return plugin;
    }

    /// <summary>The installed plugin of that id.</summary>
    /// <exception cref="SglException">There is none; the message lists those there are.</exception>
    public InstalledPlugin Require(string id)
    {
        var read = store.Read();
        return read.Find(id) ?? throw new SglException($"no plugin {MessageText.Quote(id)} is installed in {store.Directory}; "
            + (read.Plugins.Count == 0 ? "none is" : $"there are {string.Join(", ", read.Plugins.Select(one => one.Id))}"));
    }

    private InstalledPlugin Examine(RestoredPlugin restored, string staging, bool mayOverride)
    {
        var name = $"plugin {MessageText.Line(restored.Id)} {restored.Version}";
        try
        {
            var inspected = restored.OwnAssemblies.Select(file => (File: file, Read: AssemblyInspector.TryRead(Path.Combine(staging, file)))).Where(one => one.Read is not null).ToArray();
            var bringing = inspected.Where(one => one.Read!.Architectures.Count > 0).ToArray();
            if (bringing.Length == 0)
                throw new SglException($"it has no class marked with [ModelArchitecture(\"…\")] ({(restored.OwnAssemblies.Count == 0 ? "it has no assembly" : string.Join(", ", restored.OwnAssemblies))})");
            foreach (var one in bringing) PluginChecks.Check(Path.Combine(staging, one.File), staging);
            var plugin = new InstalledPlugin
            {
                Id = restored.Id,
                Version = restored.Version,
                Source = restored.Source,
                Sdk = bringing.Max(one => one.Read!.Sdk)!.ToString(3),
                Override = mayOverride,
                Assemblies = [.. bringing.Select(one => one.File)],
                Architectures = [.. bringing.SelectMany(one => one.Read!.Architectures)],
                Packages = restored.Packages,
                Files = FileHashes.Of(staging),
            };
            store.EnsureInside(plugin);
            EnsureNamesAreFree(plugin);
            return plugin;
        }
        catch (SglException e)
        {
            throw new SglException($"{name}: {e.Message}", e);
        }
    }

    private void EnsureNamesAreFree(InstalledPlugin plugin)
    {
        var builtIn = ModelRegistry.CreateBuiltIn().Models;
        foreach (var (name, className) in plugin.Architectures)
        {
            if (!plugin.Override && builtIn.Find(name) is { } taken)
                throw new SglException($"it brings {name}, which {taken.ClassName} of this program serves; to replace it, install with --override");
            if (store.Read().Plugins.FirstOrDefault(other => !Same(other, plugin) && other.Architectures.Any(one => one.Name == name)) is { } owner)
                throw new SglException($"it brings {name} ({className}), which the installed plugin {owner.Name} brings too ({owner.Architectures.First(one => one.Name == name).ClassName}); "
                    + $"remove that one first: sgl-native plugin remove {owner.Id}");
        }
    }

    private (InstalledPlugin? Before, string? Folder) Commit(InstalledPlugin plugin, string staging)
    {
        InstalledPlugin? before = null;
        store.Change(read =>
        {
            before = read.Find(plugin.Id);
            var target = store.FolderOf(plugin);
            if (before?.Version == plugin.Version)
            {
                if (before.Packages[0].Sha512 != plugin.Packages[0].Sha512)
                    throw new SglException($"plugin {plugin.Name}: the package in {plugin.Source} has another hash than the one that is installed from {before.Source} "
                        + $"(SHA-512 {Short(plugin)}, expected {Short(before)}); if that is meant: sgl-native plugin remove {plugin.Id}, then install again");
                Delete(target);
            }
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            Delete(target);
            Directory.Move(staging, target);
            return read.With(plugin);
        });
        return (before, before is null || before.Version == plugin.Version ? null : store.FolderOf(before));
    }

    // What only loading shows, such as a type that is missing; the store goes back to what it was.
    private void TryLoad(InstalledPlugin plugin, InstalledPlugin? before)
    {
        var folder = store.FolderOf(plugin);
        try
        {
#pragma warning disable IL2026 // the command line is not trimmed where it installs plugins
            PluginLoader.Load(new PluginFiles(plugin.Name, plugin.Id, plugin.Version, folder, [.. plugin.Assemblies.Select(file => Path.Combine(folder, file))]));
#pragma warning restore IL2026
        }
        catch (SglException e)
        {
            store.Change(read => before is null || before.Version == plugin.Version ? read with { Plugins = [.. read.Plugins.Where(one => !Same(one, plugin))] } : read.With(before));
            Delete(folder);
            throw new SglException($"plugin {plugin.Name}: {e.Message}", e);
        }
    }

    private static bool Same(InstalledPlugin a, InstalledPlugin b) => string.Equals(a.Id, b.Id, StringComparison.OrdinalIgnoreCase);

    private static string Short(InstalledPlugin plugin) => plugin.Packages[0].Sha512 is { Length: > 12 } hash ? hash[..12] + "…" : "none";

    private static void Delete(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A file in use (Windows): the lock file no longer names it, and the next installation deletes it.
        }
    }
}
