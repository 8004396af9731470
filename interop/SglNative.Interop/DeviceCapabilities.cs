namespace SglNative.Interop;

/// <summary>What a device is and can do. Sizes are bytes.</summary>
public sealed record DeviceCapabilities
{
    /// <summary>Product name, such as <c>NVIDIA H100 80GB HBM3</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Major number of the compute capability (9 of 9.0).</summary>
    public required int ComputeMajor { get; init; }

    /// <summary>Minor number of the compute capability (0 of 9.0).</summary>
    public required int ComputeMinor { get; init; }

    /// <summary>
    /// What kernels are compiled for: <c>sm_90a</c>, or <c>compute_90</c> when the compiler is older than the chip and PTX is handed
    /// to the driver.
    /// </summary>
    public required string Architecture { get; init; }

    /// <summary>Number of streaming multiprocessors.</summary>
    public required int MultiprocessorCount { get; init; }

    /// <summary>Memory of the device.</summary>
    public required long TotalMemory { get; init; }

    /// <summary>Peak memory traffic in bytes per second as the clocks say; 0 when unknown.</summary>
    public long MemoryBandwidth { get; init; }

    /// <summary>What the smallest allocation takes; where it is large, small pieces are better taken from a larger one.</summary>
    public long SmallestAllocation { get; init; } = 2 << 20;

    /// <summary>Size of the L2 cache.</summary>
    public required int L2CacheSize { get; init; }

    /// <summary>Shared memory a block may use without opting in (48 KB).</summary>
    public required int SharedMemoryPerBlock { get; init; }

    /// <summary>Shared memory a block may use after <see cref="DeviceFunction.SetMaxDynamicSharedMemory"/>.</summary>
    public required int SharedMemoryPerBlockOptIn { get; init; }

    /// <summary>Shared memory of one multiprocessor.</summary>
    public required int SharedMemoryPerMultiprocessor { get; init; }

    /// <summary>32-bit registers of one multiprocessor.</summary>
    public int RegistersPerMultiprocessor { get; init; } = 65536;

    /// <summary>Largest number of threads in a block.</summary>
    public int MaxThreadsPerBlock { get; init; } = 1024;

    /// <summary>Largest number of resident threads of one multiprocessor.</summary>
    public int MaxThreadsPerMultiprocessor { get; init; } = 2048;

    /// <summary>Threads of a warp.</summary>
    public int WarpSize { get; init; } = 32;

    /// <summary>Thread block clusters and distributed shared memory (9.0 and later).</summary>
    public bool SupportsClusters { get; init; }

    /// <summary>Programmatic dependent launch (9.0 and later).</summary>
    public bool SupportsProgrammaticLaunch { get; init; }

    /// <summary>Tensor memory accelerator (9.0 and later).</summary>
    public bool SupportsTma { get; init; }

    /// <summary>Warp-group matrix instructions: only code compiled for <c>sm_90a</c> has them.</summary>
    public bool SupportsWgmma => Architecture == "sm_90a";

    /// <summary>Cooperative launches (all blocks resident at once).</summary>
    public bool SupportsCooperativeLaunch { get; init; }

    /// <summary>Virtual reserve/map/unmap.</summary>
    public bool SupportsVirtualMemory { get; init; }

    /// <summary>Collectives between devices are available (NCCL was found).</summary>
    public bool SupportsCollectives { get; init; }

    /// <summary>True for a device that shares the host's memory.</summary>
    public bool IsIntegrated { get; init; }

    /// <summary>Newest CUDA version the driver supports (13.0).</summary>
    public required Version DriverVersion { get; init; }

    /// <summary>The kernel compiler and its version (<c>NVRTC 12.4</c>); null when none was found.</summary>
    public string? Compiler { get; init; }

    /// <summary>Who compiled the kernels that lie ahead of time beside the program, and for what; null where there are none for this device.</summary>
    public string? KernelPack { get; init; }

    /// <summary>The GEMM library and its version (<c>cuBLASLt 12.4.5</c>); null when none was found.</summary>
    public string? Blas { get; init; }

    /// <summary>Compute capability as one number: 90 for 9.0.</summary>
    public int ComputeCapability => ComputeMajor * 10 + ComputeMinor;
}
