namespace SglNative.Interop;

/// <summary>A loaded <see cref="Kernels.KernelImage"/>.</summary>
public abstract class DeviceModule : DeviceResource
{
    /// <summary>
    /// The kernel named by <paramref name="instantiation"/>, written exactly as in <see cref="Kernels.KernelSource.Instantiations"/>.
    /// It lives as long as the module.
    /// </summary>
    public abstract DeviceFunction GetFunction(string instantiation);
}
