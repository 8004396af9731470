namespace SglNative.Interop.Kernels;

/// <summary>Where compiled kernels are kept.</summary>
public static class KernelCacheFolder
{
    /// <summary>Environment variable that names the folder itself.</summary>
    public const string Variable = "SGL_NATIVE_CACHE";

    /// <summary>
    /// <c>$SGL_NATIVE_CACHE</c>, else <c>sgl-native/kernels</c> below <c>$XDG_CACHE_HOME</c>, <c>%LOCALAPPDATA%</c> (Windows) or
    /// <c>~/.cache</c>, else below the system's temporary folder.
    /// </summary>
    public static string Default => Find(Environment.GetEnvironmentVariable);

    internal static string Find(Func<string, string?> environment)
    {
        if (environment(Variable) is { Length: > 0 } chosen) return Path.GetFullPath(chosen);
        var root = environment("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathFullyQualified(xdg) ? xdg
            : OperatingSystem.IsWindows() && environment("LOCALAPPDATA") is { Length: > 0 } local ? local
            : environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache")
            : Path.GetTempPath();
        return Path.Combine(root, "sgl-native", "kernels");
    }
}
