using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace SglNative.Plugins.Loading;

/// <summary>
/// The assemblies of one plugin: its own and those it depends on, in its own versions. SglNative.* always comes from the program, so
/// that a plugin's models are the program's models; what the plugin does not bring comes from the program too.
/// </summary>
[RequiresUnreferencedCode("Loads assemblies that the program was not built with.")]
internal sealed class PluginLoadContext(string name, string folder) : AssemblyLoadContext(name)
{
    private const string OwnPrefix = "SglNative.";

    /// <summary>True for an assembly that a plugin never brings itself.</summary>
    public static bool IsOwn(string? assembly) => assembly is not null && assembly.StartsWith(OwnPrefix, StringComparison.Ordinal) && IsOfProgram(assembly);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name is not { } wanted || IsOwn(wanted)) return null;
        var file = Path.Combine(folder, assemblyName.CultureName is { Length: > 0 } culture ? Path.Combine(culture, $"{wanted}.dll") : $"{wanted}.dll");
        if (!File.Exists(file)) return null;
        // A package may bring a version of a framework assembly that is older than the program's, which every reference then means.
        if (wanted.StartsWith("System.", StringComparison.Ordinal) && ProgramVersion(wanted) is { } version && version >= AssemblyName.GetAssemblyName(file).Version) return null;
        return LoadFromAssemblyPath(file);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        foreach (var candidate in new[] { unmanagedDllName, $"lib{unmanagedDllName}.so", $"{unmanagedDllName}.so", $"{unmanagedDllName}.dll", $"lib{unmanagedDllName}.dylib" })
            if (Path.Combine(folder, candidate) is var file && File.Exists(file)) return NativeLibrary.Load(file);
        return 0;
    }

    private static bool IsOfProgram(string name) => ProgramVersion(name) is not null;

    private static Version? ProgramVersion(string name)
    {
        try
        {
            return Default.LoadFromAssemblyName(new AssemblyName(name)).GetName().Version;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
