using SglNative.Interop.Collectives;
using SglNative.Interop.Gemm;
using SglNative.Interop.Kernels;
using SglNative.Interop.Tma;

namespace SglNative.Interop;

/// <summary>
/// Everything the CUDA backend needs of a device; the only way to one. Providers: CUDA through the driver API, ManagedCuda, and
/// the host emulation that runs the same kernel sources without a GPU.
/// </summary>
/// <remarks>
/// <para>Memory is named by addresses (<c>nint</c>) in the device's address space. Sizes are bytes unless a name says otherwise.</para>
/// <para>Any thread may call, also concurrently; the provider binds itself to the calling thread. Work given to one stream runs
/// in the order of the calls. Copies, fills, launches, GEMMs, collectives, event records and graph replays are asynchronous,
/// allocate nothing on the managed heap, and may be captured into a graph. An error of asynchronous work is thrown by a later
/// call, at the latest by the one that synchronises.</para>
/// <para>A failing call throws <see cref="DeviceException"/> (out of memory: <see cref="DeviceOutOfMemoryException"/>).</para>
/// <para>Objects made by a device (streams, events, modules, graphs …) must be disposed before it; they accept only objects of
/// the same device.</para>
/// </remarks>
public interface IComputeDevice : IDisposable
{
    /// <summary>Name under which <see cref="ComputeDevices"/> knows the provider: <c>cuda</c>, <c>emulated</c> ….</summary>
    string Provider { get; }

    /// <summary>Index of the device within its provider.</summary>
    int Ordinal { get; }

    /// <summary>What the device is and can do; constant.</summary>
    DeviceCapabilities Capabilities { get; }

    /// <summary>Free and total memory at this moment.</summary>
    DeviceMemoryInfo GetMemoryInfo();

    /// <summary>Allocates at least <paramref name="bytes"/> (&gt; 0) of uninitialised memory, aligned to 256 bytes or more.</summary>
    nint Allocate(long bytes);

    /// <summary>Frees what <see cref="Allocate"/> returned; 0 is ignored. Waits for work that uses it.</summary>
    void Free(nint address);

    /// <summary>Whether accesses of kernels are checked (<see cref="DeviceOptions.CheckMemory"/>); then it matters what is handed out.</summary>
    bool ChecksMemory => false;

    /// <summary>
    /// From here on in the stream a part of an allocation is a tensor whose contents are undefined. For memory that is given out in
    /// parts of its own: a device that checks accesses finds those that leave their part; others do nothing.
    /// </summary>
    void HandOut(nint address, long bytes, DeviceStream stream)
    {
    }

    /// <summary>From here on in the stream a part of an allocation, and every tensor in it, is nobody's. See <see cref="HandOut"/>.</summary>
    void TakeBack(nint address, long bytes, DeviceStream stream)
    {
    }

    /// <summary>Page-locked host memory: the source or destination of copies that are to run asynchronously.</summary>
    PinnedMemory AllocatePinned(long bytes);

    /// <summary>Reserves addresses without memory behind them; <paramref name="bytes"/> is rounded up to the granularity.</summary>
    VirtualMemory ReserveVirtual(long bytes);

    /// <summary>
    /// Copies host to device; what is launched after the return sees it. The source may be pageable. No stream is waited for: the
    /// caller makes sure that none still uses the destination.
    /// </summary>
    void CopyToDevice(nint destination, nint hostSource, long bytes);

    /// <summary>Copies device to host and waits for it. No stream is waited for: synchronise the one that computes the source first.</summary>
    void CopyToHost(nint hostDestination, nint source, long bytes);

    /// <summary>Copies pinned host memory to the device in stream order; the source must stay untouched until it has run.</summary>
    void CopyToDeviceAsync(nint destination, nint hostSource, long bytes, DeviceStream stream);

    /// <summary>Copies to pinned host memory in stream order.</summary>
    void CopyToHostAsync(nint hostDestination, nint source, long bytes, DeviceStream stream);

    /// <summary>Copies within the device, or from a peer whose access is enabled, in stream order; the ranges do not overlap.</summary>
    void CopyOnDeviceAsync(nint destination, nint source, long bytes, DeviceStream stream);

    /// <summary>Sets <paramref name="bytes"/> bytes to <paramref name="value"/> in stream order.</summary>
    void FillAsync(nint destination, byte value, long bytes, DeviceStream stream);

    /// <summary>Sets <paramref name="count"/> 32-bit words to <paramref name="value"/> in stream order; the address is 4-byte aligned.</summary>
    void FillAsync(nint destination, uint value, long count, DeviceStream stream);

    /// <summary>A stream of its own: it does not wait for any default stream.</summary>
    DeviceStream CreateStream(StreamPriority priority = StreamPriority.Normal);

    /// <summary>An event; <paramref name="timing"/> makes <see cref="DeviceEvent.ElapsedMilliseconds"/> possible and costs a little.</summary>
    DeviceEvent CreateEvent(bool timing = false);

    /// <summary>Waits until all work given to the device has run; throws what went wrong in it.</summary>
    void Synchronize();

    /// <summary>
    /// Compiles a kernel source for this device, or takes it from the disk cache. Safe to call from several threads at once.
    /// </summary>
    /// <exception cref="KernelCompilationException">The source does not compile; the message holds the compiler's log.</exception>
    /// <exception cref="Core.SglException">The compiler is not installed.</exception>
    KernelImage CompileKernel(KernelSource source);

    /// <summary>Loads a compiled image.</summary>
    DeviceModule LoadModule(KernelImage image);

    /// <summary>
    /// Launches <paramref name="function"/>. <paramref name="arguments"/> holds one host address per kernel parameter, in order;
    /// the values are copied before the call returns. See <see cref="KernelLaunch"/> for the form with one argument record.
    /// </summary>
    void Launch(DeviceFunction function, in LaunchConfig config, ReadOnlySpan<nint> arguments);

    /// <summary>Encodes a descriptor for the tensor memory accelerator (see <see cref="DeviceCapabilities.SupportsTma"/>).</summary>
    void EncodeTensorMap(in TensorMapDescription description, out TensorMap map);

    /// <summary>
    /// C = alpha·op(A)·op(B) + beta·C (+ bias), row-major. The algorithm is the one <see cref="TuneGemm"/> remembered for this
    /// description, else the library's first proposal. The workspace belongs to the stream.
    /// </summary>
    void Gemm(in GemmDescription description, in GemmOperands operands, DeviceStream stream);

    /// <summary>
    /// Times the candidate algorithms on scratch operands and remembers the fastest for later calls and, in the cache folder, for
    /// later processes. Does nothing when one is remembered already or the description is deterministic. Not during capture.
    /// </summary>
    void TuneGemm(in GemmDescription description, DeviceStream stream);

    /// <summary>True when this device can read and write the memory of device <paramref name="peerOrdinal"/> of the same provider.</summary>
    bool CanAccessPeer(int peerOrdinal);

    /// <summary>Makes the memory of <paramref name="peer"/> accessible to kernels and copies of this device; idempotent.</summary>
    void EnablePeerAccess(IComputeDevice peer);

    /// <summary>A new name for a group of devices; every rank passes the same one to <see cref="JoinCommunicator"/>.</summary>
    CommunicatorId CreateCommunicatorId();

    /// <summary>Joins a group; blocks until all <paramref name="size"/> ranks (each on a thread of its own) have joined.</summary>
    DeviceCommunicator JoinCommunicator(in CommunicatorId id, int rank, int size);
}
