using SglNative.Interop;
#if MANAGED_CUDA
using SglNative.Interop.ManagedCuda;
#endif

namespace SglNative.Cuda;

/// <summary>The devices of this build: <c>-p:CudaBindings=ManagedCuda</c> puts the packages in the place of the own bindings.</summary>
public static class CudaBindings
{
    /// <summary>The providers.</summary>
    public static ComputeDevices Devices { get; } =
#if MANAGED_CUDA
        ComputeDevices.Default.With(new ManagedCudaDeviceProvider());
#else
        ComputeDevices.Default;
#endif
}
