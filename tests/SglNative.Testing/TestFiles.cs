using System.Runtime.CompilerServices;

namespace SglNative.Testing;

/// <summary>Where tests find their data: goldens beside the tests, and published third-party data outside the repository.</summary>
public static class TestFiles
{
    /// <summary>The repository's root, or the folder of the test program when it runs away from its sources.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of golden checkpoints.</summary>
    public static string Goldens => Environment.GetEnvironmentVariable("SGL_GOLDENS") ?? Path.Combine(Root, "tests", "goldens");

    /// <summary>Third-party data that is read in place and never committed; null where it is absent.</summary>
    public static string? Shared
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("SGL_SHARED") ?? Path.GetFullPath(Path.Combine(Root, "..", "shared"));
            return Directory.Exists(path) ? path : null;
        }
    }

    public static string Golden(string name) => Path.Combine(Goldens, name);

    private static string FindRoot([CallerFilePath] string source = "")
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(source) ?? "." })
            for (var dir = new DirectoryInfo(start); dir is not null; dir = dir.Parent)
                if (File.Exists(Path.Combine(dir.FullName, "SglNative.sln"))) return dir.FullName;
        return AppContext.BaseDirectory;
    }
}
