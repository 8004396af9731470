using SglNative.Interop;

namespace SglNative.Cuda;

/// <summary>How <see cref="CudaBackend"/> uses its device.</summary>
public sealed record CudaOptions
{
    /// <summary>All defaults.</summary>
    public static CudaOptions Default { get; } = new();

    /// <summary>Where compiled kernels and libraries are found.</summary>
    public DeviceOptions Device { get; init; } = DeviceOptions.Default;

    /// <summary>Environment variable: <c>0</c> lets every kernel begin only when the one before has ended.</summary>
    public const string DependentLaunchVariable = "SGL_NATIVE_DEPENDENT_LAUNCH";

    /// <summary>Kernels may be started while the one before still runs (from compute capability 9.0 on); on, unless the environment says otherwise.</summary>
    public bool DependentLaunch { get; init; } = Environment.GetEnvironmentVariable(DependentLaunchVariable) != "0";

    /// <summary>Takes matrix products whose bits are the same in every run, at some cost in speed.</summary>
    public bool Deterministic { get; init; }
}
