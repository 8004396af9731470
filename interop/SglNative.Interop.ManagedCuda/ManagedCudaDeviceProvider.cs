using ManagedCuda.BasicTypes;
using SglNative.Core;
using SglNative.Interop.Cuda;
using SglNative.Interop.Cuda.Libraries;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.ManagedCuda;

/// <summary>
/// NVIDIA GPUs through the ManagedCuda packages instead of this project's own bindings. It takes the place of the provider of the same
/// name; collectives are missing, and products go through cublasGemmEx, since the packages wrap neither NCCL nor cuBLASLt.
/// </summary>
public sealed class ManagedCudaDeviceProvider : IComputeDeviceProvider
{
    private readonly CudaDeviceProvider _own = new();

    /// <inheritdoc/>
    public string Name => "cuda";

    /// <inheritdoc/>
    public int CountDevices(out string? reason) => _own.CountDevices(out reason);

    /// <inheritdoc/>
    public IComputeDevice Open(int ordinal, DeviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var count = CudaDeviceProvider.RequireDevice(ordinal, out var device);
        ManagedCudaLibraries.Install(options.LibraryFolders);
        var pack = KernelPack.Find(options);
        ManagedCudaDevice? opened = null;
        try
        {
            var capabilities = CudaDeviceProvider.ReadCapabilities(device, count, options, pack);
            var blas = ManagedCudaLibraries.TryLoad(CudaLibrary.Cublas, options.LibraryFolders, capabilities.DriverVersion.Major);
            capabilities = capabilities with { SupportsCollectives = false, Blas = blas ? ManagedCudaGemm.LibraryIdentity() : null };
            return opened = new ManagedCudaDevice(ordinal, new CUdevice { Pointer = device }, capabilities, options, pack);
        }
        catch (DeviceException e) when (e.Code == (int)CUResult.ErrorDeviceUnavailable || e is DeviceOutOfMemoryException)
        {
            throw new SglException($"CUDA device {ordinal} cannot be opened, another process holds it or its memory (see nvidia-smi): {e.Message}", e);
        }
        finally
        {
            if (opened is null) pack?.Dispose();
        }
    }
}
