using SglNative.Interop;

namespace SglNative.Cuda;

/// <summary>How <see cref="CudaBackend"/> uses its device.</summary>
public sealed record CudaOptions
{
    /// <summary>All defaults.</summary>
    public static CudaOptions Default { get; } = new();

    /// <summary>Where compiled kernels and libraries are found.</summary>
    public DeviceOptions Device { get; init; } = DeviceOptions.Default;

    /// <summary>Takes matrix products whose bits are the same in every run, at some cost in speed.</summary>
    public bool Deterministic { get; init; }
}
