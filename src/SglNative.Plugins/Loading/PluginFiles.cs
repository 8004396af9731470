using SglNative.Core;

namespace SglNative.Plugins.Loading;

/// <summary>Where a plugin lies.</summary>
/// <param name="Name">As in messages: <c>MyModel 1.0.0</c>, or a path.</param>
/// <param name="Package">Id of its package, or name of its assembly.</param>
/// <param name="Version">Its version; null to take the assembly's.</param>
/// <param name="Folder">The folder of its files.</param>
/// <param name="Assemblies">The files that bring models.</param>
public sealed record PluginFiles(string Name, string Package, string? Version, string Folder, IReadOnlyList<string> Assemblies)
{
    /// <summary>The names that its metadata tells, whether or not it can be loaded.</summary>
    public IReadOnlyList<string> ReadArchitectures()
    {
        try
        {
            return [.. Assemblies.Where(File.Exists).Select(AssemblyInspector.TryRead).OfType<InspectedAssembly>().SelectMany(one => one.Architectures).Select(one => one.Name)];
        }
        catch (SglException)
        {
            return [];
        }
    }

    /// <summary>A plugin given as an assembly's path.</summary>
    public static PluginFiles OfAssembly(string path)
    {
        var full = Path.GetFullPath(path);
        return new PluginFiles(path, Path.GetFileNameWithoutExtension(full), null, Path.GetDirectoryName(full)!, [full]);
    }

    /// <summary>A plugin given as a folder of assemblies, such as a build's output.</summary>
    /// <exception cref="SglException">No assembly in it brings models.</exception>
    public static PluginFiles OfFolder(string folder)
    {
        var full = Path.GetFullPath(folder);
        var assemblies = Directory.EnumerateFiles(full, "*.dll").Order(StringComparer.Ordinal).Where(BringsModels).ToArray();
        if (assemblies.Length == 0) throw new SglException($"{folder} has no assembly with a class marked with [ModelArchitecture(\"…\")]");
        return new PluginFiles(folder, Path.GetFileNameWithoutExtension(assemblies[0]), null, full, assemblies);
    }

    private static bool BringsModels(string file) =>
        !Path.GetFileName(file).StartsWith("SglNative.", StringComparison.Ordinal) && AssemblyInspector.TryRead(file) is { Architectures.Count: > 0 };
}
