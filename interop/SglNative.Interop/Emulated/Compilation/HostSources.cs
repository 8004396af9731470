using System.Security.Cryptography;
using System.Text;

namespace SglNative.Interop.Emulated.Compilation;

/// <summary>The files of kernels/host, which travel inside this assembly.</summary>
internal static class HostSources
{
    private const string Prefix = "kernels/host/";

    private static readonly Lazy<IReadOnlyList<KeyValuePair<string, string>>> Files = new(Read);

    /// <summary>Path below kernels/host and text of each file.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> All => Files.Value;

    /// <summary>A name for exactly these files.</summary>
    public static string Hash { get; } = ComputeHash(_ => true);

    /// <summary>A name for those that kernels are compiled with; what the runtime offers to kernels is declared in them.</summary>
    public static string KernelHash { get; } = ComputeHash(path => !path.StartsWith("runtime/", StringComparison.Ordinal));

    /// <summary>Writes the files below <paramref name="folder"/>.</summary>
    public static void WriteTo(string folder)
    {
        foreach (var (path, text) in All)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    private static List<KeyValuePair<string, string>> Read()
    {
        var assembly = typeof(HostSources).Assembly;
        var files = new List<KeyValuePair<string, string>>();
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!name.Replace('\\', '/').StartsWith(Prefix, StringComparison.Ordinal)) continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            files.Add(new(name[Prefix.Length..].Replace('\\', '/'), reader.ReadToEnd()));
        }
        return files;
    }

    private static string ComputeHash(Func<string, bool> counts)
    {
        var all = string.Concat(All.Where(file => counts(file.Key)).Select(file => $"{file.Key}\0{file.Value}\0"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)).AsSpan(0, 8));
    }
}
