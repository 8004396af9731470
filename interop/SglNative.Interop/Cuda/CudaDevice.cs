using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Cuda.Gemm;
using SglNative.Interop.Cuda.Libraries;
using SglNative.Interop.Cuda.Native;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Cuda;

/// <summary>An NVIDIA GPU through the driver API, NVRTC, cuBLASLt and NCCL.</summary>
internal sealed unsafe partial class CudaDevice : IComputeDevice
{
    private readonly KernelSupply _kernels;
    private readonly Lazy<CublasLtGemm> _gemm;
    private readonly Lock _peerGate = new();

    /// <summary>Opens the device, which takes over <paramref name="pack"/>, kernels compiled ahead of time, if there is one.</summary>
    public CudaDevice(int ordinal, int device, DeviceCapabilities capabilities, DeviceOptions options, KernelPack? pack)
    {
        (Ordinal, Device, Capabilities, Options) = (ordinal, device, capabilities, options);
        Context = new CudaContext(device);
        _kernels = new KernelSupply(pack, capabilities.Architecture, capabilities.Compiler is not null, options, () => NvrtcToolchain.ForDevice(capabilities.ComputeCapability, capabilities.DriverVersion.Major, options));
        _gemm = new(() => new CublasLtGemm(this, _kernels.CacheFolder));
    }

    public string Provider => "cuda";

    public int Ordinal { get; }

    public DeviceCapabilities Capabilities { get; }

    /// <summary>The driver's number of the device.</summary>
    public int Device { get; }

    public DeviceOptions Options { get; }

    public CudaContext Context { get; }

    /// <summary>Ordinals of the devices that may touch this one's memory.</summary>
    public IReadOnlyList<int> PeersWithAccess { get; private set; } = [];

    public DeviceStream CreateStream(StreamPriority priority = StreamPriority.Normal) => new CudaStream(this, priority);

    public DeviceEvent CreateEvent(bool timing = false) => new CudaEvent(Context, timing);

    public void Synchronize()
    {
        Context.MakeCurrent();
        CudaResult.Check(CudaDriver.CtxSynchronize(), "cuCtxSynchronize");
    }

    public KernelImage CompileKernel(KernelSource source) => _kernels.Find(source);

    public DeviceModule LoadModule(KernelImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new CudaModule(this, image);
    }

    public bool CanAccessPeer(int peerOrdinal)
    {
        if (peerOrdinal == Ordinal) return true;
        CudaResult.Check(CudaDriver.DeviceGet(out var peer, peerOrdinal), "cuDeviceGet");
        CudaResult.Check(CudaDriver.DeviceCanAccessPeer(out var can, Device, peer), "cuDeviceCanAccessPeer");
        return can != 0;
    }

    public void EnablePeerAccess(IComputeDevice peer)
    {
        var other = peer as CudaDevice ?? throw new ArgumentException("the peer is not a device of this provider", nameof(peer));
        if (other.Ordinal == Ordinal) return;
        Context.MakeCurrent();
        var result = CudaDriver.CtxEnablePeerAccess(other.Context.Value, 0);
        if (result != CudaResult.PeerAccessAlreadyEnabled) CudaResult.Check(result, "cuCtxEnablePeerAccess");
        lock (other._peerGate)
            if (!other.PeersWithAccess.Contains(Ordinal)) other.PeersWithAccess = [.. other.PeersWithAccess, Ordinal];
    }

    public void Dispose()
    {
        if (Context.IsDisposed) return;
        if (_gemm.IsValueCreated) _gemm.Value.Dispose();
        _kernels.Dispose();
        Context.Dispose();
    }
}
