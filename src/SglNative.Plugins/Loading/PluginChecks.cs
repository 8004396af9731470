using System.Reflection;
using SglNative.Core;
using SglNative.Models.Registry;

namespace SglNative.Plugins.Loading;

/// <summary>What must hold before a plugin's assembly is loaded.</summary>
public static class PluginChecks
{
    /// <summary>The version of SglNative.Models in this program.</summary>
    public static Version Sdk { get; } = typeof(ModelRegistry).Assembly.GetName().Version!;

    /// <summary>Throws unless the assembly can be expected to load here.</summary>
    /// <exception cref="SglException">It has no models, was built against another SDK, or misses an assembly.</exception>
    public static InspectedAssembly Check(string path, string folder)
    {
        var file = Path.GetFileName(path);
        if (!File.Exists(path)) throw new SglException($"there is no file {path}");
        var assembly = AssemblyInspector.TryRead(path) ?? throw new SglException($"{file} is no .NET assembly");
        if (assembly.Architectures.Count == 0) throw new SglException($"{file} has no class marked with [ModelArchitecture(\"…\")]");
        if (assembly.Sdk is not { } sdk) throw new SglException($"{file} does not refer to {AssemblyInspector.SdkAssembly}");
        CheckSdk(sdk, file);
        foreach (var (name, version) in assembly.References)
            if (!File.Exists(Path.Combine(folder, $"{name}.dll")) && !IsInProgram(name))
                throw new SglException($"{file} needs the assembly {name} {version}, which neither its package nor this program has");
        return assembly;
    }

    /// <summary>Throws unless an assembly built against <paramref name="sdk"/> runs here: versions agree in the major number, before 1.0 in the minor one too.</summary>
    /// <exception cref="SglException">They do not.</exception>
    public static void CheckSdk(Version sdk, string what)
    {
        ArgumentNullException.ThrowIfNull(sdk);
        var fits = sdk.Major == Sdk.Major && (sdk.Major > 0 ? sdk.Minor <= Sdk.Minor : sdk.Minor == Sdk.Minor);
        if (!fits)
            throw new SglException($"{what} was built against {AssemblyInspector.SdkAssembly} {sdk.ToString(3)}, and this program has {Sdk.ToString(3)}: "
                + (sdk > Sdk ? "update sgl-native, or install an older version of the plugin" : "install a newer version of the plugin, or build it again"));
    }

    private static bool IsInProgram(string name)
    {
        try
        {
            return Assembly.Load(new AssemblyName(name)) is not null;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            return false;
        }
    }
}
