using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NuGet.Frameworks;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using SglNative.Core;

namespace SglNative.Cli.Plugins;

/// <summary>A .nupkg: what it depends on, and the files of it that run here.</summary>
internal sealed class PackageArchive : IDisposable
{
    private const long MostBytes = 2L << 30;

    private static readonly NuGetFramework Framework = NuGetFramework.Parse("net10.0");
    private static readonly string[] RunTimes = RuntimeIds();

    private readonly PackageArchiveReader _reader;
    private readonly ZipArchive _zip;
    private readonly string _name;

    /// <summary>Opens it, after every entry's name has been found harmless.</summary>
    /// <exception cref="SglException">It is no package, or an entry would be written outside the plugin's folder.</exception>
    public PackageArchive(byte[] bytes, string name)
    {
        _name = name;
        try
        {
            _zip = new ZipArchive(new MemoryStream(bytes, writable: false));
            foreach (var entry in _zip.Entries) EnsureInside(entry.FullName, name);
            if (_zip.Entries.Sum(entry => entry.Length) > MostBytes) throw new SglException($"{name} unpacks to more than {MessageText.Bytes(MostBytes)}, which is refused");
            _reader = new PackageArchiveReader(new MemoryStream(bytes, writable: false));
            Identity = _reader.GetIdentity();
        }
        catch (Exception e) when (e is InvalidDataException or PackagingException or System.Xml.XmlException or ArgumentException)
        {
            throw new SglException($"{name} is no usable package: {MessageText.Line(e.Message)}", e);
        }
        Sha512 = Convert.ToBase64String(SHA512.HashData(bytes));
    }

    public PackageIdentity Identity { get; }

    /// <summary>As NuGet writes it, in base64.</summary>
    public string Sha512 { get; }

    /// <summary>What it needs on this framework.</summary>
    public IReadOnlyList<PackageDependency> Dependencies() =>
        NuGetFrameworkUtility.GetNearest(_reader.NuspecReader.GetDependencyGroups(), Framework, group => group.TargetFramework) is { } group ? [.. group.Packages] : [];

    /// <summary>The files that run here: path in the plugin's folder, and content.</summary>
    /// <exception cref="SglException">It has files for other frameworks only.</exception>
    public IEnumerable<(string Path, byte[] Content)> Files()
    {
        var groups = _reader.GetLibItems().ToArray();
        var library = NuGetFrameworkUtility.GetNearest(groups, Framework, group => group.TargetFramework);
        if (library is null && groups.Any(group => group.Items.Any(IsCode)))
            throw new SglException($"{_name} has no files for {Framework.GetShortFolderName()}, only for {string.Join(", ", groups.Select(group => group.TargetFramework.GetShortFolderName()))}");
        var all = _zip.Entries.ToDictionary(entry => entry.FullName.Replace('\\', '/'), StringComparer.Ordinal);
        var chosen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in library?.Items.Where(IsCode) ?? []) chosen[Target(item)] = item;
        // What is for this machine takes the place of what is for all.
        foreach (var runtime in RunTimes)
            foreach (var item in all.Keys.Where(path => path.StartsWith($"runtimes/{runtime}/", StringComparison.OrdinalIgnoreCase)))
                if (item.Split('/') is [_, _, "native", ..]) chosen[Path.GetFileName(item)] = item;
                else if (item.Split('/') is [_, _, "lib", var framework, ..] && IsCode(item) && DefaultCompatibilityProvider.Instance.IsCompatible(Framework, NuGetFramework.Parse(framework))) chosen[Target(item)] = item;
        foreach (var (target, item) in chosen) if (all.TryGetValue(item, out var entry)) yield return (target, Read(entry));
    }

    public void Dispose()
    {
        _reader.Dispose();
        _zip.Dispose();
    }

    private static bool IsCode(string path) => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".pdb", StringComparison.OrdinalIgnoreCase);

    // Texts of other languages keep the folder of their language.
    private static string Target(string item)
    {
        var file = Path.GetFileName(item);
        return file.EndsWith(".resources.dll", StringComparison.OrdinalIgnoreCase) ? $"{item.Split('/')[^2]}/{file}" : file;
    }

    private static void EnsureInside(string entry, string name)
    {
        var path = entry.Replace('\\', '/');
        if (path.StartsWith('/') || path.Contains(':', StringComparison.Ordinal) || path.Contains('\0', StringComparison.Ordinal) || path.Split('/').Contains("..", StringComparer.Ordinal)
            || Uri.UnescapeDataString(path).Split('/', '\\').Contains("..", StringComparer.Ordinal))
            throw new SglException($"{name} is refused: its entry {MessageText.Quote(entry)} would be written outside the plugin's folder");
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    // From the general to the exact, so that the exact wins.
    private static string[] RuntimeIds()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        return OperatingSystem.IsWindows() ? ["any", "win", $"win-{architecture}"] : ["any", "unix", $"unix-{architecture}", system, $"{system}-{architecture}"];
    }
}
