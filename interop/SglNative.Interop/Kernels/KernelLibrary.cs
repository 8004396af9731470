using System.Collections.Concurrent;
using System.Reflection;

namespace SglNative.Interop.Kernels;

/// <summary>The usual kernel libraries.</summary>
public static class KernelLibrary
{
    /// <summary>Files given as path and text.</summary>
    public static IKernelLibrary FromTexts(IReadOnlyDictionary<string, string> texts) => new Finder(texts.GetValueOrDefault);

    /// <summary>
    /// Resources of <paramref name="assembly"/> whose logical names are <paramref name="prefix"/> and the path, such as
    /// <c>kernels/attention/decode.cu</c> (either slash counts as <c>/</c>).
    /// </summary>
    public static IKernelLibrary FromResources(Assembly assembly, string prefix = "kernels/")
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var names = assembly.GetManifestResourceNames().ToDictionary(name => name.Replace('\\', '/'), StringComparer.Ordinal);
        return new Finder(path =>
        {
            if (!names.TryGetValue(prefix + path, out var name)) return null;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        });
    }

    /// <summary>Files below <paramref name="folder"/>, read when first asked for.</summary>
    public static IKernelLibrary FromFolder(string folder)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        return new Finder(path =>
        {
            var file = Path.GetFullPath(Path.Combine(root, path));
            return file.StartsWith(root, StringComparison.Ordinal) && File.Exists(file) ? File.ReadAllText(file) : null;
        });
    }

    private sealed class Finder(Func<string, string?> find) : IKernelLibrary
    {
        private readonly ConcurrentDictionary<string, string?> _texts = new(StringComparer.Ordinal);

        public string? Find(string path) => _texts.GetOrAdd(path, find);
    }
}
