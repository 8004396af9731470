using System.Reflection;

namespace SglNative.Models.Registry;

/// <summary>Versions of assemblies as their packages have them.</summary>
internal static class PackageVersion
{
    /// <summary>The package's version, without the build's commit.</summary>
    public static string? Of(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? assembly.GetName().Version?.ToString();
}
