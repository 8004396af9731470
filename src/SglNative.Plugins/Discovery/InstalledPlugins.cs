using System.Diagnostics.CodeAnalysis;
using SglNative.Core;
using SglNative.Models.Registry;
using SglNative.Plugins.Loading;
using SglNative.Plugins.Store;

namespace SglNative.Plugins.Discovery;

/// <summary>The plugins of a run's stores. Of one id in several stores the first counts.</summary>
/// <param name="registry">Where they are registered.</param>
/// <param name="stores">The stores.</param>
/// <param name="named">Ids that this run names, and what names them: these count as external packages.</param>
internal sealed class InstalledPlugins(ModelRegistry registry, IReadOnlyList<PluginStore> stores, IReadOnlyDictionary<string, string> named)
{
    private readonly HashSet<string> _ids = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True when a plugin of that id is installed.</summary>
    public bool Contains(string id) => _ids.Contains(id);

    /// <summary>Registers them all.</summary>
    [RequiresUnreferencedCode("Loads assemblies that the program was not built with.")]
    public void AddAll()
    {
        foreach (var store in stores)
        {
            try
            {
                registry.Journal.Add(RegistrySeverity.Debug, $"looking for installed plugins in {store.Directory}");
                var read = store.Read();
                foreach (var plugin in read.Plugins) Add(store, plugin);
                foreach (var removed in read.Removed)
                    foreach (var name in removed.Architectures)
                        registry.Remember(name, $"{name} came from the plugin {removed.Id} {removed.Version}, which was removed: sgl-native plugin install {removed.Id}@{removed.Version} --source {removed.Source}");
            }
            catch (SglException e)
            {
                registry.Fail(new PluginFailure($"store {store.Directory}", e.Message, []));
            }
        }
    }

    [RequiresUnreferencedCode("Loads assemblies that the program was not built with.")]
    private void Add(PluginStore store, InstalledPlugin plugin)
    {
        if (!_ids.Add(plugin.Id)) return;
        var folder = store.FolderOf(plugin);
        var files = new PluginFiles(plugin.Name, plugin.Id, plugin.Version, folder, [.. plugin.Assemblies.Select(file => Path.Combine(folder, file))]);
        var where = named.GetValueOrDefault(plugin.Id);
        var names = plugin.Architectures.Select(one => one.Name).ToArray();
        try
        {
            FileHashes.Verify(plugin, folder);
            if (where is null && !plugin.Override && names.FirstOrDefault(IsBuiltIn) is { } taken)
                throw new SglException($"it brings {taken}, which is built in; to replace it: sgl-native plugin install {plugin.Id}@{plugin.Version} --source {plugin.Source} --override");
        }
        catch (SglException e)
        {
            registry.Fail(new PluginFailure(plugin.Name, e.Message, names));
            return;
        }
        PluginDiscovery.Add(registry, files, where is null ? ModelSource.Installed : ModelSource.ExternalPackage, where ?? store.Directory);
    }

    private bool IsBuiltIn(string name) => registry.Models.Find(name) is { Source: ModelSource.BuiltIn };
}
