using System.Collections.Concurrent;
using SglNative.Interop;
using SglNative.Interop.Collectives;
using SglNative.Interop.Gemm;
using SglNative.Interop.Kernels;
using SglNative.Interop.Tma;

namespace SglNative.Cuda.Rehearsal;

/// <summary>
/// A device on which nothing runs, for finding out what a model would launch on a real one: memory is addresses, copies to the host are
/// zeros, launches and products return at once. It notes the kernels that are asked for.
/// </summary>
/// <param name="provider">Name of the device that it stands for.</param>
/// <param name="capabilities">What that one can do: decisions about launches rest on it.</param>
internal sealed class RehearsalDevice(string provider, DeviceCapabilities capabilities) : IComputeDevice
{
    // Aligned as a driver's are, and far from what anybody has.
    private const long FirstAddress = 1L << 40, Alignment = 512;

    private readonly ConcurrentQueue<KernelSource> _kernels = [];
    private long _next = FirstAddress;

    /// <summary>The kernels that were asked for, each once, in that order.</summary>
    public IReadOnlyList<KernelSource> Kernels => [.. _kernels];

    public string Provider => provider;

    public int Ordinal => 0;

    public DeviceCapabilities Capabilities => capabilities;

    public DeviceMemoryInfo GetMemoryInfo() => new(capabilities.TotalMemory, capabilities.TotalMemory);

    public nint Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        var size = (bytes + Alignment - 1) / Alignment * Alignment;
        return (nint)(Interlocked.Add(ref _next, size) - size);
    }

    public void Free(nint address) { }

    public PinnedMemory AllocatePinned(long bytes) => new RehearsalMemory(bytes);

    public VirtualMemory ReserveVirtual(long bytes) => throw new NotSupportedException("addresses are not reserved in a rehearsal");

    public void CopyToDevice(nint destination, nint hostSource, long bytes) { }

    public unsafe void CopyToHost(nint hostDestination, nint source, long bytes) => new Span<byte>((void*)hostDestination, checked((int)bytes)).Clear();

    public void CopyToDeviceAsync(nint destination, nint hostSource, long bytes, DeviceStream stream) { }

    public void CopyToHostAsync(nint hostDestination, nint source, long bytes, DeviceStream stream) => CopyToHost(hostDestination, source, bytes);

    public void CopyOnDeviceAsync(nint destination, nint source, long bytes, DeviceStream stream) { }

    public void FillAsync(nint destination, byte value, long bytes, DeviceStream stream) { }

    public void FillAsync(nint destination, uint value, long count, DeviceStream stream) { }

    public DeviceStream CreateStream(StreamPriority priority = StreamPriority.Normal) => new RehearsalStream();

    public DeviceEvent CreateEvent(bool timing = false) => new RehearsalEvent();

    public void Synchronize() { }

    public KernelImage CompileKernel(KernelSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _kernels.Enqueue(source);
        return new KernelImage(source.Name, default, "", default, new Dictionary<string, string>());
    }

    public DeviceModule LoadModule(KernelImage image) => new RehearsalModule();

    public void Launch(DeviceFunction function, in LaunchConfig config, ReadOnlySpan<nint> arguments) { }

    public void EncodeTensorMap(in TensorMapDescription description, out TensorMap map) => map = default;

    public void Gemm(in GemmDescription description, in GemmOperands operands, DeviceStream stream) { }

    public void TuneGemm(in GemmDescription description, DeviceStream stream) { }

    public bool CanAccessPeer(int peerOrdinal) => true;

    public void EnablePeerAccess(IComputeDevice peer) { }

    public CommunicatorId CreateCommunicatorId() => default;

    public DeviceCommunicator JoinCommunicator(in CommunicatorId id, int rank, int size) => new RehearsalCommunicator(rank, size);

    public void Dispose() { }
}
