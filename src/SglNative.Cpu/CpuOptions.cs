using SglNative.Cpu.Simd;

namespace SglNative.Cpu;

/// <summary>How a <see cref="CpuBackend"/> uses the processor. None of it but <see cref="Simd"/> changes a bit of any result.</summary>
public sealed record CpuOptions
{
    /// <summary>Threads that compute, the calling one included; 0 takes one per processor that this process may use.</summary>
    public int Threads { get; init; }

    /// <summary>Vector instructions; each level has its own fixed order of summation.</summary>
    public SimdLevel Simd { get; init; }

    /// <summary>Asks the operating system (Linux) for 2 MiB pages under large tensors, which spares address translations.</summary>
    public bool HugePages { get; init; } = true;
}
