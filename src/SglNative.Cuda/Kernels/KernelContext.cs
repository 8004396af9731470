using SglNative.Interop;

namespace SglNative.Cuda.Kernels;

/// <summary>What kernels run on: the device, its compute stream, the loaded kernels and memory for intermediate results.</summary>
internal sealed class KernelContext : IDisposable
{
    private readonly bool _dependent;

    public KernelContext(IComputeDevice device, CudaOptions options)
    {
        (Device, _dependent) = (device, options.DependentLaunch);
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

    /// <summary>
    /// Launches a kernel of this project with one record of arguments. It may begin while the one before still runs, for whose results it
    /// waits by itself: so a step of many short kernels does not wait for each to be started.
    /// </summary>
    public void Launch<T>(DeviceFunction function, Dim3 grid, int threads, in T arguments, int sharedMemory = 0) where T : unmanaged =>
        Device.Launch(function, new LaunchConfig(Stream, grid, threads, sharedMemory) { ProgrammaticDependentLaunch = _dependent && Loader.KernelsWait }, arguments);

    public void Dispose()
    {
        Workspace.Dispose();
        Loader.Dispose();
        Stream.Dispose();
    }
}
