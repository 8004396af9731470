using SglNative.Interop;

namespace SglNative.Cuda.Kernels;

/// <summary>What kernels run on: the device, its compute stream, the loaded kernels and memory for intermediate results.</summary>
internal sealed class KernelContext : IDisposable
{
    public KernelContext(IComputeDevice device)
    {
        Device = device;
        Stream = device.CreateStream();
        Loader = new KernelLoader(device);
        Workspace = new Workspace(device, Stream);
    }

    public IComputeDevice Device { get; }

    /// <summary>Everything runs here, in the order of the calls.</summary>
    public DeviceStream Stream { get; }

    public KernelLoader Loader { get; }

    public Workspace Workspace { get; }

    public DeviceCapabilities Capabilities => Device.Capabilities;

    /// <summary>Launches a kernel with one record of arguments.</summary>
    public void Launch<T>(DeviceFunction function, Dim3 grid, int threads, in T arguments, int sharedMemory = 0) where T : unmanaged =>
        Device.Launch(function, new LaunchConfig(Stream, grid, threads, sharedMemory), arguments);

    public void Dispose()
    {
        Workspace.Dispose();
        Loader.Dispose();
        Stream.Dispose();
    }
}
