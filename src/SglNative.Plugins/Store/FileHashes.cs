using System.Security.Cryptography;
using SglNative.Core;

namespace SglNative.Plugins.Store;

/// <summary>Hashes of a plugin's files.</summary>
public static class FileHashes
{
    /// <summary>SHA-256 of every file below <paramref name="folder"/>, in hexadecimal, by relative path with <c>/</c>.</summary>
    public static IReadOnlyDictionary<string, string> Of(string folder)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)) hashes[Path.GetRelativePath(folder, file).Replace('\\', '/')] = Hash(file);
        return hashes;
    }

    /// <summary>Throws unless the folder holds exactly the files that the lock file names, unchanged.</summary>
    /// <exception cref="SglException">A file is missing, changed or added.</exception>
    public static void Verify(InstalledPlugin plugin, string folder)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        var again = $"install it again: sgl-native plugin install {plugin.Id}@{plugin.Version} --source {plugin.Source}";
        if (!Directory.Exists(folder)) throw new SglException($"its folder {folder} is gone; {again}");
        var found = Of(folder);
        foreach (var (file, hash) in plugin.Files)
        {
            if (!found.TryGetValue(file, out var actual)) throw new SglException($"{Path.Combine(folder, file)} is missing; {again}");
            if (actual != hash) throw new SglException($"{Path.Combine(folder, file)} has changed since it was installed (SHA-256 {actual[..12]}…, expected {hash[..12]}…); {again}");
        }
        if (found.Keys.FirstOrDefault(file => !plugin.Files.ContainsKey(file)) is { } added)
            throw new SglException($"{Path.Combine(folder, added)} was not installed with it; remove that file, or {again}");
    }

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
