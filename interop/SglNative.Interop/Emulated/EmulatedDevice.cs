using System.Runtime.InteropServices;
using SglNative.Interop.Collectives;
using SglNative.Interop.Emulated.Compilation;
using SglNative.Interop.Emulated.Native;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Emulated;

/// <summary>A device that runs the kernels' own sources on the host; see kernels/host/README.md.</summary>
internal sealed unsafe partial class EmulatedDevice : IComputeDevice
{
    private readonly KernelCache _kernels;
    private readonly HostToolchain _toolchain;
    private nint _handle;

    public EmulatedDevice(int ordinal, DeviceCapabilities capabilities, DeviceOptions options, HostToolchain toolchain)
    {
        (Ordinal, Capabilities, _toolchain) = (ordinal, capabilities, toolchain);
        _kernels = new KernelCache(options.CacheFolder);
        EmulationStatus.Check(EmulationApi.DeviceOpen(ordinal, (ulong)capabilities.TotalMemory, toolchain.ChecksMemory ? 1 : 0, out _handle));
    }

    public string Provider => EmulatedDeviceProvider.ProviderName;

    public int Ordinal { get; }

    public DeviceCapabilities Capabilities { get; }

    public bool IsDisposed => _handle == 0;

    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, typeof(IComputeDevice));
            return _handle;
        }
    }

    /// <summary>Names of the kernels that were launched.</summary>
    public IEnumerable<string> LaunchedKernels
    {
        get
        {
            for (var i = 0; EmulationApi.DeviceLaunched(Handle, i) is not 0 and var name; i++) yield return Marshal.PtrToStringUTF8(name)!;
        }
    }

    public DeviceStream CreateStream(StreamPriority priority = StreamPriority.Normal) => new EmulatedStream(this);

    public DeviceEvent CreateEvent(bool timing = false) => new EmulatedEvent(this);

    public void Synchronize() => EmulationStatus.Check(EmulationApi.DeviceSynchronize(Handle));

    public KernelImage CompileKernel(KernelSource source) => _kernels.GetOrCompile(source, _toolchain);

    public DeviceModule LoadModule(KernelImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new EmulatedModule(this, image);
    }

    public bool CanAccessPeer(int peerOrdinal) => peerOrdinal is >= 0 and < EmulatedDeviceProvider.DeviceCount;

    public void EnablePeerAccess(IComputeDevice peer)
    {
        var other = peer as EmulatedDevice ?? throw new ArgumentException("the peer is not a device of this provider", nameof(peer));
        EmulationStatus.Check(EmulationApi.DeviceAllowPeer(Handle, other.Handle));
    }

    public CommunicatorId CreateCommunicatorId() => EmulatedCommunicator.CreateId();

    public DeviceCommunicator JoinCommunicator(in CommunicatorId id, int rank, int size) => new EmulatedCommunicator(this, id, rank, size);

    public void Dispose()
    {
        if (_handle != 0) EmulationApi.DeviceClose(_handle);
        _handle = 0;
    }
}
