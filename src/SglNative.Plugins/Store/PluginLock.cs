using System.Text.Json.Serialization;

namespace SglNative.Plugins.Store;

/// <summary>The lock file of a store: what is installed, from where, and the hash of everything.</summary>
public sealed record PluginLock
{
    /// <summary>Layout of the file that this program writes.</summary>
    public const int CurrentLayout = 1;

    /// <summary>Layout of the file.</summary>
    public int Layout { get; init; } = CurrentLayout;

    /// <summary>What is installed, by id.</summary>
    public IReadOnlyList<InstalledPlugin> Plugins { get; init; } = [];

    /// <summary>What was installed once, so that a request for its architectures can say what is missing.</summary>
    public IReadOnlyList<RemovedPlugin> Removed { get; init; } = [];

    /// <summary>The plugin of that id, whatever its case; null where there is none.</summary>
    public InstalledPlugin? Find(string id) => Plugins.FirstOrDefault(plugin => string.Equals(plugin.Id, id, StringComparison.OrdinalIgnoreCase));

    /// <summary>With <paramref name="plugin"/> in place of what its id held.</summary>
    public PluginLock With(InstalledPlugin plugin) => this with
    {
        Plugins = [.. Plugins.Where(other => !Same(other.Id, plugin.Id)).Append(plugin).OrderBy(one => one.Id, StringComparer.OrdinalIgnoreCase)],
        Removed = [.. Removed.Where(other => !Same(other.Id, plugin.Id))],
    };

    /// <summary>Without <paramref name="plugin"/>, which is remembered.</summary>
    public PluginLock Without(InstalledPlugin plugin) => this with
    {
        Plugins = [.. Plugins.Where(other => !Same(other.Id, plugin.Id))],
        Removed =
        [
            .. Removed.Where(other => !Same(other.Id, plugin.Id)),
            new RemovedPlugin(plugin.Id, plugin.Version, plugin.Source, [.. plugin.Architectures.Select(one => one.Name)]),
        ],
    };

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PluginLock))]
internal sealed partial class PluginLockJson : JsonSerializerContext;
