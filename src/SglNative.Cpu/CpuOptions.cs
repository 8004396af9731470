using SglNative.Cpu.Ranks;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu;

/// <summary>How a <see cref="CpuBackend"/> uses the processor. None of it but <see cref="Simd"/> and <see cref="Group"/> changes a bit of any result.</summary>
public sealed record CpuOptions
{
    /// <summary>Threads that compute, the calling one included; 0 takes one per processor that this process may use.</summary>
    public int Threads { get; init; }

    /// <summary>Vector instructions; each level has its own fixed order of summation.</summary>
    public SimdLevel Simd { get; init; }

    /// <summary>Asks the operating system (Linux) for 2 MiB pages under large tensors, which spares address translations.</summary>
    public bool HugePages { get; init; } = true;

    /// <summary>The ranks that share a model's weights with this backend; null for none. It is not disposed with the backend.</summary>
    public CpuRankGroup? Group { get; init; }

    /// <summary>Which of <see cref="Group"/> the backend is.</summary>
    public int Rank { get; init; }
}
