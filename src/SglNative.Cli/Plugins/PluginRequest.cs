using NuGet.Packaging.Core;
using NuGet.Versioning;
using SglNative.Core;

namespace SglNative.Cli.Plugins;

/// <summary>What <c>plugin install</c> was asked for: a package by its id, a package's file, or a folder of assemblies.</summary>
internal abstract record PluginRequest
{
    /// <summary>A package of a feed; the newest version where null.</summary>
    public sealed record OfFeed(string Id, NuGetVersion? Version) : PluginRequest;

    /// <summary>A .nupkg file.</summary>
    public sealed record OfFile(string Path) : PluginRequest;

    /// <summary>A folder of assemblies, such as a build's output.</summary>
    public sealed record OfFolder(string Path) : PluginRequest;

    /// <summary>Reads <c>ID</c>, <c>ID@VERSION</c>, <c>FILE.nupkg</c> or a folder. A folder with one package in it means that package.</summary>
    /// <exception cref="SglException">It is none of these.</exception>
    public static PluginRequest Parse(string text)
    {
        if (text.EndsWith(".nupkg", StringComparison.OrdinalIgnoreCase))
            return File.Exists(text) ? new OfFile(Path.GetFullPath(text)) : throw new SglException($"no such package file: {text}");
        if (Directory.Exists(text))
        {
            var packages = Directory.GetFiles(text, "*.nupkg");
            return packages.Length switch
            {
                0 => new OfFolder(Path.GetFullPath(text)),
                1 => new OfFile(Path.GetFullPath(packages[0])),
                _ => throw new SglException($"{text} holds {packages.Length} packages; name one: sgl-native plugin install ID --source {text}"),
            };
        }
        var at = text.LastIndexOf('@');
        var (id, version) = at > 0 ? (text[..at], text[(at + 1)..]) : (text, null);
        if (!NuGet.Packaging.PackageIdValidator.IsValidPackageId(id))
            throw new SglException($"{MessageText.Quote(text)} is no package: expected ID, ID@VERSION, a .nupkg file or a folder that exists");
        if (version is null) return new OfFeed(id, null);
        return NuGetVersion.TryParse(version, out var parsed) ? new OfFeed(id, parsed) : throw new SglException($"{MessageText.Quote(version)} is no package version, expected one such as 1.2.0");
    }
}

/// <summary>A package that was fetched.</summary>
/// <param name="Identity">Its id and version.</param>
/// <param name="Bytes">The .nupkg.</param>
/// <param name="Source">Where it came from.</param>
internal sealed record FetchedPackage(PackageIdentity Identity, byte[] Bytes, string Source);
