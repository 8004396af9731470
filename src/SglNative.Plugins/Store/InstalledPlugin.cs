namespace SglNative.Plugins.Store;

/// <summary>An entry of a store's lock file.</summary>
public sealed record InstalledPlugin
{
    /// <summary>Id of the package.</summary>
    public required string Id { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>What it was installed from: a feed, a folder or a file.</summary>
    public required string Source { get; init; }

    /// <summary>Version of SglNative.Models that its assemblies were built against.</summary>
    public required string Sdk { get; init; }

    /// <summary>Whether its names may replace built-in ones.</summary>
    public bool Override { get; init; }

    /// <summary>Files of the assemblies that bring models, relative to the plugin's folder.</summary>
    public required IReadOnlyList<string> Assemblies { get; init; }

    /// <summary>The names it brings.</summary>
    public required IReadOnlyList<PluginArchitecture> Architectures { get; init; }

    /// <summary>Its package and those it depends on.</summary>
    public required IReadOnlyList<PluginPackage> Packages { get; init; }

    /// <summary>SHA-256 of every file in the plugin's folder, by relative path.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>As in messages: <c>MyModel 1.0.0</c>.</summary>
    public string Name => $"{Id} {Version}";
}

/// <summary>A name that a plugin brings.</summary>
/// <param name="Name">The name in <c>config.json</c>.</param>
/// <param name="ClassName">The class that serves it.</param>
public sealed record PluginArchitecture(string Name, string ClassName);

/// <summary>A package that a plugin consists of.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha512">SHA-512 of the .nupkg, as NuGet writes it (base64); empty for a folder of assemblies.</param>
public sealed record PluginPackage(string Id, string Version, string Sha512);

/// <summary>A plugin that was installed once.</summary>
/// <param name="Id">Id of the package.</param>
/// <param name="Version">Its version.</param>
/// <param name="Source">What it was installed from.</param>
/// <param name="Architectures">The names it brought.</param>
public sealed record RemovedPlugin(string Id, string Version, string Source, IReadOnlyList<string> Architectures);
