namespace SglNative.Interop;

/// <summary>What a provider needs to know when it opens a device.</summary>
public sealed record DeviceOptions
{
    /// <summary>All defaults.</summary>
    public static DeviceOptions Default { get; } = new();

    /// <summary>Folder for compiled kernels and remembered GEMM algorithms; null: see <see cref="Kernels.KernelCacheFolder"/>.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Folders to look for libraries in before all others.</summary>
    public IReadOnlyList<string> LibraryFolders { get; init; } = [];

    /// <summary>Bytes of GEMM workspace of each stream that multiplies.</summary>
    public long GemmWorkspace { get; init; } = 32L << 20;

    /// <summary>Archive of kernels compiled ahead of time; null: the one beside the program if there is one, empty: none.</summary>
    public string? KernelPack { get; init; }

    /// <summary>Compiles kernels that are not in the pack when they are asked for; otherwise each of them is an error.</summary>
    public bool CompileKernels { get; init; } = true;

    /// <summary>Extra compiler flags for every kernel (line information for a profiler, say).</summary>
    public IReadOnlyList<string> CompilerFlags { get; init; } = [];

    /// <summary>
    /// Checks every memory access of every kernel (bounds, initialisation, alignment, data races) on devices that can, which are the
    /// emulated ones; it makes kernels some ten to a hundred times slower.
    /// </summary>
    public bool CheckMemory { get; init; }
}
