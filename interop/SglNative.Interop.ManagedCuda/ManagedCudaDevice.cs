using ManagedCuda;
using ManagedCuda.BasicTypes;
using SglNative.Core;
using SglNative.Interop.Collectives;
using SglNative.Interop.Gemm;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.ManagedCuda;

/// <summary>A GPU through the packages.</summary>
internal sealed partial class ManagedCudaDevice : IComputeDevice
{
    private readonly KernelSupply _kernels;
    private readonly Lazy<ManagedCudaGemm> _gemm;
    private readonly Lock _peerGate = new();

    public ManagedCudaDevice(int ordinal, CUdevice device, DeviceCapabilities capabilities, DeviceOptions options, KernelPack? pack)
    {
        (Ordinal, Device, Capabilities, Options) = (ordinal, device, capabilities, options);
        Context = new ManagedCudaContext(device);
        _kernels = new KernelSupply(pack, capabilities.Architecture, capabilities.Compiler is not null, options, () => new ManagedNvrtcToolchain(capabilities, options));
        _gemm = new(() => new ManagedCudaGemm(this));
    }

    public string Provider => "cuda";

    public int Ordinal { get; }

    public DeviceCapabilities Capabilities { get; }

    public CUdevice Device { get; }

    public DeviceOptions Options { get; }

    public ManagedCudaContext Context { get; }

    /// <summary>Ordinals of the devices that may touch this one's memory.</summary>
    public IReadOnlyList<int> PeersWithAccess { get; private set; } = [];

    public DeviceStream CreateStream(StreamPriority priority = StreamPriority.Normal) => new ManagedCudaStream(this, priority);

    public DeviceEvent CreateEvent(bool timing = false) => new ManagedCudaEvent(Context, timing);

    public void Synchronize()
    {
        Context.MakeCurrent();
        ManagedCudaCall.Check(DriverAPINativeMethods.ContextManagement.cuCtxSynchronize(), "cuCtxSynchronize");
    }

    public KernelImage CompileKernel(KernelSource source) => _kernels.Find(source);

    public DeviceModule LoadModule(KernelImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new ManagedCudaModule(this, image);
    }

    public void Gemm(in GemmDescription description, in GemmOperands operands, DeviceStream stream) =>
        _gemm.Value.Run(description, operands, (ManagedCudaStream)stream);

    public void TuneGemm(in GemmDescription description, DeviceStream stream)
    {
        // cublasGemmEx chooses by itself and takes no algorithm of one's own on the chips that are supported here.
        if (((ManagedCudaStream)stream).IsCapturing) throw new InvalidOperationException("products cannot be timed while the stream is captured");
    }

    public bool CanAccessPeer(int peerOrdinal)
    {
        if (peerOrdinal == Ordinal) return true;
        var peer = new CUdevice();
        ManagedCudaCall.Check(DriverAPINativeMethods.DeviceManagement.cuDeviceGet(ref peer, peerOrdinal), "cuDeviceGet");
        var can = 0;
        ManagedCudaCall.Check(DriverAPINativeMethods.CudaPeerAccess.cuDeviceCanAccessPeer(ref can, Device, peer), "cuDeviceCanAccessPeer");
        return can != 0;
    }

    public void EnablePeerAccess(IComputeDevice peer)
    {
        var other = peer as ManagedCudaDevice ?? throw new ArgumentException("the peer is not a device of this provider", nameof(peer));
        if (other.Ordinal == Ordinal) return;
        Context.MakeCurrent();
        var result = DriverAPINativeMethods.CudaPeerAccess.cuCtxEnablePeerAccess(other.Context.Value, CtxEnablePeerAccessFlags.None);
        if (result != CUResult.ErrorPeerAccessAlreadyEnabled) ManagedCudaCall.Check(result, "cuCtxEnablePeerAccess");
        lock (other._peerGate)
            if (!other.PeersWithAccess.Contains(Ordinal)) other.PeersWithAccess = [.. other.PeersWithAccess, Ordinal];
    }

    public CommunicatorId CreateCommunicatorId() => throw NoCollectives();

    public DeviceCommunicator JoinCommunicator(in CommunicatorId id, int rank, int size) => throw NoCollectives();

    public void Dispose()
    {
        if (Context.IsDisposed) return;
        if (_gemm.IsValueCreated) _gemm.Value.Dispose();
        _kernels.Dispose();
        Context.Dispose();
    }

    private static SglException NoCollectives() =>
        new("the ManagedCuda bindings have no collectives: several GPUs need a build without -p:CudaBindings=ManagedCuda");
}
