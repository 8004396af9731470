namespace SglNative.Interop.Cuda.Libraries;

/// <summary>The folders in which toolkits, package managers and Python environments put CUDA's libraries.</summary>
internal static class CudaLibraryFolders
{
    /// <summary>Environment variable with folders to look in before all others.</summary>
    public const string Variable = "SGL_NATIVE_LIBRARY_PATH";

    /// <summary>What somebody asked for: <paramref name="hints"/>, then <see cref="Variable"/>, then CUDA_HOME and CUDA_PATH.</summary>
    public static IEnumerable<string> Chosen(IEnumerable<string> hints, Func<string, string?> environment)
    {
        var listed = (environment(Variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var hint in hints.Concat(listed))
        {
            yield return hint;
            foreach (var folder in OfToolkit(hint).Concat(OfPythonPackages(hint))) yield return folder;
        }
        foreach (var name in (string[])["CUDA_HOME", "CUDA_PATH"])
            if (environment(name) is { Length: > 0 } home)
                foreach (var folder in OfToolkit(home)) yield return folder;
    }

    /// <summary>Where they usually are when the system's loader does not know them.</summary>
    public static IEnumerable<string> Usual(Func<string, string?> environment)
    {
        yield return AppContext.BaseDirectory;
        foreach (var name in (string[])["VIRTUAL_ENV", "CONDA_PREFIX"])
        {
            if (environment(name) is not { Length: > 0 } prefix) continue;
            yield return Path.Combine(prefix, "lib");
            foreach (var folder in Children(Path.Combine(prefix, "lib"), "python3*").SelectMany(OfPython)) yield return folder;
        }
        if (OperatingSystem.IsWindows()) yield break;
        foreach (var folder in Children("/usr/local", "cuda*").SelectMany(OfToolkit)) yield return folder;
        foreach (var folder in OfToolkit("/opt/cuda")) yield return folder;
        yield return "/usr/lib/wsl/lib";
        var home = environment("HOME") is { Length: > 0 } user ? user : "/root";
        foreach (var lib in (string[])["/usr/local/lib", "/usr/lib", Path.Combine(home, ".local", "lib")])
            foreach (var folder in Children(lib, "python3*").SelectMany(OfPython)) yield return folder;
    }

    private static IEnumerable<string> OfToolkit(string root) =>
    [
        Path.Combine(root, "lib64"), Path.Combine(root, "lib"), Path.Combine(root, "lib", "x86_64-linux-gnu"),
        .. Children(Path.Combine(root, "targets"), "*").Select(target => Path.Combine(target, "lib")),
        Path.Combine(root, "bin"), Path.Combine(root, "bin", "x64"),
    ];

    private static IEnumerable<string> OfPython(string python) =>
        OfPythonPackages(Path.Combine(python, "site-packages")).Concat(OfPythonPackages(Path.Combine(python, "dist-packages")));

    private static IEnumerable<string> OfPythonPackages(string packages) =>
        Children(Path.Combine(packages, "nvidia"), "*").SelectMany(package => new[] { Path.Combine(package, "lib"), Path.Combine(package, "bin") });

    // Newest first, as far as names tell.
    private static string[] Children(string folder, string pattern)
    {
        try
        {
            if (!Directory.Exists(folder)) return [];
            var found = Directory.GetDirectories(folder, pattern);
            Array.Sort(found, (a, b) => string.CompareOrdinal(b, a));
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
