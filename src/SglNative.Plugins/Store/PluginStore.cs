using System.Text.Json;
using SglNative.Core;

namespace SglNative.Plugins.Store;

/// <summary>
/// A folder of installed plugins: <c>plugins.lock.json</c> and, for each plugin, <c>ID/VERSION/</c> with all its files beside each other.
/// Folders are written aside and renamed, and the lock file is replaced whole, so that a reader never meets half a plugin.
/// </summary>
/// <param name="directory">The folder; it need not exist.</param>
public sealed class PluginStore(string directory)
{
    /// <summary>Name of the lock file.</summary>
    public const string LockName = "plugins.lock.json";

    /// <summary>Environment variable that names the user's store.</summary>
    public const string Variable = "SGL_NATIVE_PLUGIN_DIR";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The folder.</summary>
    public string Directory { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));

    /// <summary>
    /// The user's store: <c>$SGL_NATIVE_PLUGIN_DIR</c>, else <c>sgl-native/plugins</c> below <c>$XDG_DATA_HOME</c>, <c>%LOCALAPPDATA%</c>
    /// (Windows) or <c>~/.local/share</c>.
    /// </summary>
    public static string UserDirectory(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (environment(Variable) is { Length: > 0 } chosen) return Path.GetFullPath(chosen);
        var root = environment("XDG_DATA_HOME") is { Length: > 0 } xdg && Path.IsPathFullyQualified(xdg) ? xdg
            : OperatingSystem.IsWindows() && environment("LOCALAPPDATA") is { Length: > 0 } local ? local
            : environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local", "share")
            : Path.GetTempPath();
        return Path.Combine(root, "sgl-native", "plugins");
    }

    /// <summary>The folder of a plugin.</summary>
    public string FolderOf(InstalledPlugin plugin) => Path.Combine(Directory, plugin.Id.ToLowerInvariant(), plugin.Version.ToLowerInvariant());

    /// <summary>What the lock file says; nothing where there is none.</summary>
    /// <exception cref="SglException">The file is damaged or of a later layout.</exception>
    public PluginLock Read()
    {
        var path = Path.Combine(Directory, LockName);
        try
        {
            if (!File.Exists(path)) return new PluginLock();
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(path), PluginLockJson.Default.PluginLock) ?? throw new JsonException("it is null");
            if (read.Layout > PluginLock.CurrentLayout) throw new SglException($"{path} was written by a later version (layout {read.Layout}, known is {PluginLock.CurrentLayout}): update sgl-native");
            foreach (var plugin in read.Plugins) EnsureInside(plugin);
            return read;
        }
        catch (JsonException e)
        {
            throw new SglException($"{path} is damaged: {MessageText.Line(e.Message)}; delete it and install the plugins again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Changes the lock file while no other process does.</summary>
    /// <exception cref="SglException">The store cannot be written, or another process holds it.</exception>
    public void Change(Func<PluginLock, PluginLock> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            System.IO.Directory.CreateDirectory(Directory);
            using var held = Hold();
            var changed = change(Read());
            var partial = Path.Combine(Directory, $"{LockName}.{Guid.NewGuid():N}");
            File.WriteAllBytes(partial, JsonSerializer.SerializeToUtf8Bytes(changed, PluginLockJson.Default.PluginLock));
            File.Move(partial, Path.Combine(Directory, LockName), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException($"the plugin store {Directory} cannot be written: {e.Message}", e);
        }
    }

    // The handle's exclusive sharing is the lock; it ends with the process, however that ends.
    private FileStream Hold()
    {
        var path = Path.Combine(Directory, ".busy");
        var until = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && DateTime.UtcNow < until)
            {
                Thread.Sleep(50);
            }
        }
    }

    /// <summary>Throws where a plugin's id, version or a file's name leads out of the folder that is its own: what a plugin says of itself is written, and deleted, by that.</summary>
    /// <exception cref="SglException">It does.</exception>
    public void EnsureInside(InstalledPlugin plugin)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        var (own, folder) = (Path.GetFullPath(Path.Combine(Directory, plugin.Id)), Path.GetFullPath(FolderOf(plugin)));
        var outside = Path.GetDirectoryName(own) != Directory || !string.Equals(Path.GetDirectoryName(folder), own, StringComparison.OrdinalIgnoreCase)
            || plugin.Files.Keys.Concat(plugin.Assemblies).Any(file => !Path.GetFullPath(Path.Combine(folder, file)).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        if (outside) throw new SglException($"plugin {MessageText.Line(plugin.Name)} names files outside its folder, which is refused");
    }
}
