namespace SglNative.Interop.Cuda;

/// <summary>NVIDIA GPUs through the CUDA driver.</summary>
public sealed class CudaDeviceProvider : IComputeDeviceProvider
{
    /// <inheritdoc/>
    public string Name => "cuda";

    /// <inheritdoc/>
    public int CountDevices(out string? reason)
    {
        reason = "no CUDA driver library";
        return 0;
    }

    /// <inheritdoc/>
    public IComputeDevice Open(int ordinal, DeviceOptions options) => throw new Core.SglException("no CUDA driver library");
}
