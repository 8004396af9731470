using System.Runtime.InteropServices;

namespace SglNative.Interop.Cuda.Collectives;

/// <summary>What NCCL is told through the environment before it starts.</summary>
internal static partial class NcclEnvironment
{
    // Multicast over NVLink, as in SGLang: for those who ask for it.
    private const string Multicast = "NCCL_NVLS_ENABLE";

    private static readonly bool Prepared = SetDefaults();

    /// <summary>Sets what the user has not set.</summary>
    public static void Prepare() => _ = Prepared;

    // .NET keeps an environment of its own, which a native library does not see.
    private static bool SetDefaults() => !OperatingSystem.IsLinux() || SetVariable(Multicast, "0", overwrite: 0) == 0;

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
