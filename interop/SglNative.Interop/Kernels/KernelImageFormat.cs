namespace SglNative.Interop.Kernels;

/// <summary>What a <see cref="KernelImage"/> consists of.</summary>
public enum KernelImageFormat
{
    /// <summary>Machine code for one architecture.</summary>
    Cubin,
    /// <summary>Portable code that the driver translates when it loads it.</summary>
    Ptx,
    /// <summary>A shared library of the host, for the emulated device.</summary>
    HostLibrary,
}
