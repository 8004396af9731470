using NuGet.Packaging.Core;
using NuGet.Versioning;
using SglNative.Core;
using SglNative.Plugins.Loading;
using SglNative.Plugins.Store;

namespace SglNative.Cli.Plugins;

/// <summary>A plugin's files in a folder of their own, not yet checked.</summary>
/// <param name="Id">Id of the package.</param>
/// <param name="Version">Its version.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Packages">Its package and those it depends on.</param>
/// <param name="OwnAssemblies">Assemblies of the package itself, relative to the folder.</param>
internal sealed record RestoredPlugin(string Id, string Version, string Source, IReadOnlyList<PluginPackage> Packages, IReadOnlyList<string> OwnAssemblies);

/// <summary>Fetches a plugin and what it depends on, and unpacks both into one folder. What is SglNative's own comes from the program.</summary>
internal sealed class PluginRestore(PackageFeeds feeds, string folder)
{
    private readonly Dictionary<string, (NuGetVersion Version, VersionRange Range, string By)> _chosen = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _owners = new(StringComparer.OrdinalIgnoreCase);

    public async Task<RestoredPlugin> RunAsync(PluginRequest request, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        return request switch
        {
            PluginRequest.OfFolder given => OfFolder(given.Path),
            PluginRequest.OfFile given => await OfPackageAsync(new FetchedPackage(new PackageIdentity(Path.GetFileNameWithoutExtension(given.Path), null), await File.ReadAllBytesAsync(given.Path, stop), Path.GetDirectoryName(given.Path)!), stop),
            PluginRequest.OfFeed given => await OfPackageAsync(await feeds.FetchAsync(given.Id, given.Version, stop), stop),
            _ => throw new InvalidOperationException(),
        };
    }

    private async Task<RestoredPlugin> OfPackageAsync(FetchedPackage fetched, CancellationToken stop)
    {
        using var root = new PackageArchive(fetched.Bytes, $"package {fetched.Identity.Id}{(fetched.Identity.HasVersion ? $" {fetched.Identity.Version.ToNormalizedString()}" : "")}");
        var own = Unpack(root);
        List<PluginPackage> packages = [Describe(root)];
        var dependencies = await DependenciesAsync(root, stop);
        foreach (var package in dependencies)
        {
            Unpack(package);
            packages.Add(Describe(package));
            package.Dispose();
        }
        return new RestoredPlugin(root.Identity.Id, root.Identity.Version.ToNormalizedString(), fetched.Source, packages, own);
    }

    // Breadth first; where two packages want one, the higher of their lowest versions is taken, and must suit both.
    private async Task<IReadOnlyList<PackageArchive>> DependenciesAsync(PackageArchive root, CancellationToken stop)
    {
        var archives = new Dictionary<string, PackageArchive>(StringComparer.OrdinalIgnoreCase);
        var queue = new Queue<(string By, PackageDependency Wanted)>(root.Dependencies().Select(wanted => (root.Identity.Id, wanted)));
        while (queue.TryDequeue(out var next))
        {
            var (by, wanted) = next;
            if (wanted.Id.StartsWith("SglNative.", StringComparison.OrdinalIgnoreCase)) continue;
            var range = wanted.VersionRange ?? VersionRange.All;
            if (_chosen.TryGetValue(wanted.Id, out var taken))
            {
                if (range.Satisfies(taken.Version)) continue;
                if (range.MinVersion is null || range.MinVersion < taken.Version || !taken.Range.Satisfies(range.MinVersion))
                    throw new SglException($"{by} needs {wanted.Id} {range.PrettyPrint()}, and {taken.By} needs {taken.Range.PrettyPrint()}: no version suits both");
            }
            var archive = await FetchAsync(wanted.Id, range, by, stop);
            _chosen[wanted.Id] = (archive.Identity.Version, range, by);
            if (archives.Remove(wanted.Id, out var older)) older.Dispose();
            archives[wanted.Id] = archive;
            foreach (var further in archive.Dependencies()) queue.Enqueue((wanted.Id, further));
        }
        return [.. archives.Values];
    }

    private async Task<PackageArchive> FetchAsync(string id, VersionRange range, string by, CancellationToken stop)
    {
        try
        {
            var fetched = await feeds.FetchAsync(id, range, stop);
            return new PackageArchive(fetched.Bytes, $"package {id} {fetched.Identity.Version.ToNormalizedString()}");
        }
        catch (SglException e)
        {
            throw new SglException($"{by} depends on {id} {range.PrettyPrint()}: {e.Message}", e);
        }
    }

    private List<string> Unpack(PackageArchive package)
    {
        var assemblies = new List<string>();
        foreach (var (path, content) in package.Files())
        {
            var target = Path.Combine(folder, path);
            if (_owners.TryGetValue(path, out var owner))
            {
                if (!File.ReadAllBytes(target).AsSpan().SequenceEqual(content)) throw new SglException($"packages {owner} and {package.Identity.Id} both bring a file {path}, and they differ");
                continue;
            }
            _owners[path] = package.Identity.Id;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, content);
            if (path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && !path.Contains('/', StringComparison.Ordinal)) assemblies.Add(path);
        }
        return assemblies;
    }

    private RestoredPlugin OfFolder(string source)
    {
        var files = PluginFiles.OfFolder(source);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(source, file);
            if (Path.GetFileName(file) is var name && name.StartsWith("SglNative.", StringComparison.Ordinal) && !files.Assemblies.Contains(file)) continue;
            var target = Path.Combine(folder, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        var version = System.Diagnostics.FileVersionInfo.GetVersionInfo(files.Assemblies[0]).ProductVersion?.Split('+')[0];
        return new RestoredPlugin(files.Package, version is { Length: > 0 } ? version : "0.0.0", source, [new PluginPackage(files.Package, version ?? "0.0.0", "")], [.. files.Assemblies.Select(path => Path.GetFileName(path))]);
    }

    private static PluginPackage Describe(PackageArchive package) => new(package.Identity.Id, package.Identity.Version.ToNormalizedString(), package.Sha512);
}
