using System.Reflection;
using SglNative.Core;

namespace SglNative.Engine.Loading;

/// <summary>The small chat model that is part of the program, unpacked where memory mapping can reach it.</summary>
internal static class DemoModel
{
    /// <summary>The name it is served under.</summary>
    public const string Name = "demo";

    private const string Prefix = "demo/";

    /// <summary>The folder that holds its files; written on first use.</summary>
    /// <exception cref="SglException">No folder can be written to.</exception>
    public static string Unpack()
    {
        var assembly = typeof(DemoModel).Assembly;
        // The module's version id changes with every build, so an older program's files are never taken for these.
        var folder = $"demo-{assembly.ManifestModule.ModuleVersionId:N}";
        Exception? last = null;
        foreach (var root in Roots())
        {
            try
            {
                return Write(assembly, Path.Combine(root, "sgl-native", folder));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                last = e;
            }
        }
        throw new SglException($"cannot unpack the demo model: {last?.Message}; set XDG_CACHE_HOME to a writable folder, or give --model-path", last!);
    }

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache) yield return cache;
        if (Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home) yield return Path.Combine(home, ".cache");
        yield return Path.GetTempPath();
    }

    private static string Write(Assembly assembly, string target)
    {
        if (Directory.Exists(target)) return target;
        // Written aside and renamed, so that a folder of this name is always whole, whoever else is starting.
        var partial = $"{target}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(partial);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var source = assembly.GetManifestResourceStream(name)!;
            using var file = File.Create(Path.Combine(partial, name[Prefix.Length..]));
            source.CopyTo(file);
        }
        try
        {
            Directory.Move(partial, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            Directory.Delete(partial, recursive: true);
        }
        return target;
    }
}
