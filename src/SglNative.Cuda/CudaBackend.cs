using System.Globalization;
using SglNative.Core;
using SglNative.Core.Progress;
using SglNative.Core.Tensors;
using SglNative.Cuda.Kernels;
using SglNative.Cuda.Memory;
using SglNative.Cuda.Rehearsal;
using SglNative.Interop;
using SglNative.Interop.Collectives;
using SglNative.Interop.Kernels;
using SglNative.Models.Backends;
using SglNative.Models.Operations;
using SglNative.Models.Parallelism;

namespace SglNative.Cuda;

/// <summary>
/// Models on an NVIDIA GPU of compute capability 8.0 or later, or on another device that runs the same kernels. Weights, cache and
/// what enters a matrix multiplication are of the model's type, the rest is float32. Operations are queued in one stream and return at once.
/// </summary>
public sealed partial class CudaBackend : Backend
{
    private const int OldestCapability = 80;

    private readonly CudaOptions _options;
    private readonly KernelContext _context;
    private readonly DeviceHeap _heap;
    private readonly StagingRing _staging;
    private readonly CudaOps _ops;

    /// <summary>
    /// Takes over an open device and, where it is one of several ranks, its membership in their group; both are disposed with the backend.
    /// </summary>
    /// <exception cref="SglException">The device is older than compute capability 8.0.</exception>
    public CudaBackend(IComputeDevice device, CudaOptions? options = null, DeviceCommunicator? communicator = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        options ??= CudaOptions.Default;
        if (device.Capabilities.ComputeCapability < OldestCapability)
        {
            var message = $"{device.Capabilities.Name} has compute capability {device.Capabilities.ComputeMajor}.{device.Capabilities.ComputeMinor}; "
                + "8.0 (Ampere) or later is needed, or --device cpu";
            communicator?.Dispose();
            device.Dispose();
            throw new SglException(message);
        }
        (Device, Communicator, _options) = (device, communicator, options);
        Parallel = communicator is null ? ParallelContext.Single : new ParallelContext(communicator.Rank, communicator.Size);
        _context = new KernelContext(device, options);
        _heap = new DeviceHeap(device);
        _staging = new StagingRing(device, _context.Stream);
        _ops = new CudaOps(this, _context, options.Deterministic);
    }

    /// <summary>Opens GPU <paramref name="ordinal"/>.</summary>
    /// <exception cref="SglException">No such device, or it cannot be used; the message says why.</exception>
    public static CudaBackend Open(int ordinal = 0, CudaOptions? options = null) =>
        new(CudaBindings.Devices.Open("cuda", ordinal, (options ?? CudaOptions.Default).Device), options);

    /// <summary>The device underneath.</summary>
    public IComputeDevice Device { get; }

    /// <summary>The group of ranks that the device is one of; null for none.</summary>
    public DeviceCommunicator? Communicator { get; }

    /// <inheritdoc/>
    public override ParallelContext Parallel { get; }

    /// <summary>The stream in which all operations run; for timing, graph capture and work of one's own.</summary>
    public DeviceStream Stream => _context.Stream;

    /// <inheritdoc/>
    public override string Name => Device.Provider;

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture,
        $"{Device.Capabilities.Name}, {Device.Capabilities.TotalMemory / (double)(1L << 30):F1} GiB memory, {Device.Capabilities.Architecture}, "
        + $"{Device.Capabilities.MultiprocessorCount} multiprocessors, driver for CUDA {Device.Capabilities.DriverVersion}, "
        + $"{Device.Capabilities.KernelPack ?? Device.Capabilities.Compiler ?? "no kernel compiler"}, {Device.Capabilities.Blas ?? "no GEMM library"}");

    /// <inheritdoc/>
    public override (long Total, long Free) Memory
    {
        get
        {
            var memory = Device.GetMemoryInfo();
            return (memory.Total, memory.Free);
        }
    }

    /// <inheritdoc/>
    public override Ops Ops => _ops;

    /// <inheritdoc/>
    public override int DefaultPageSize => 64;

    /// <inheritdoc/>
    public override DType WeightDType(DType requested) => requested;

    /// <inheritdoc/>
    public override DType OperandDType(DType modelDType) => modelDType;

    /// <inheritdoc/>
    public override void Prepare(Action<Backend> rehearse, IByteProgress? progress = null)
    {
        var kernels = Rehearse(Device.Provider, Device.Capabilities, rehearse, _options, Parallel);
        if (kernels.Count > 0) _context.Loader.Prepare(kernels, progress);
    }

    /// <summary>The kernels that operations would launch on a device of the given capabilities; nothing is compiled or run.</summary>
    internal static IReadOnlyList<KernelSource> Rehearse(string provider, DeviceCapabilities capabilities, Action<Backend> rehearse, CudaOptions? options = null,
        ParallelContext? ranks = null)
    {
        ArgumentNullException.ThrowIfNull(rehearse);
        var device = new RehearsalDevice(provider, capabilities);
        using var backend = new CudaBackend(device, options, ranks is { Size: > 1 } ? new RehearsalCommunicator(ranks.Rank, ranks.Size) : null);
        rehearse(backend);
        return device.Kernels;
    }

    /// <summary>Kernels that <see cref="Prepare"/> did not foresee and that were compiled when they were first launched, as file and instantiation.</summary>
    internal IEnumerable<string> UnpreparedKernels => _context.Loader.Unprepared.Select(kernel => $"{kernel.File} {kernel.Instantiation}");

    /// <inheritdoc/>
    public override Tensor Allocate(Shape shape, DType dtype)
    {
        ExpectNoRecording(nameof(Allocate), "which takes memory that a replay would not take again");
        return new(_heap.Allocate(checked(shape.Count * dtype.Size())), dtype, shape);
    }

    /// <inheritdoc/>
    public override void Free(in Tensor tensor)
    {
        ExpectNoRecording(nameof(Free), "which gives back memory that a replay would still use");
        // Memory that goes back to a slab may be handed out at once: later work is ordered behind the old in the same stream.
        _heap.Free(tensor.Data);
    }

    /// <inheritdoc/>
    public override bool ChecksMemory => Device.ChecksMemory;

    /// <inheritdoc/>
    public override void HandOut(nint data, long bytes) => Device.HandOut(data, bytes, Stream);

    /// <inheritdoc/>
    public override void TakeBack(nint data, long bytes) => Device.TakeBack(data, bytes, Stream);

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<byte> source, in Tensor destination)
    {
        ExpectNoRecording(nameof(Upload), "which copies host data that a replay would not read again");
        ExpectTransfer(destination, source.Length, nameof(destination));
        _staging.Upload(source, destination.Data);
    }

    /// <inheritdoc/>
    public override void Download(in Tensor source, Span<byte> destination)
    {
        ExpectNoRecording(nameof(Download), "which reads device data on the host");
        ExpectTransfer(source, destination.Length, nameof(source));
        _staging.Download(source.Data, destination);
    }

    /// <inheritdoc/>
    public override void FillNormal(in Tensor tensor, float std, ulong seed)
    {
        ExpectFill(tensor);
        if (tensor.Count > 0) _ops.FillNormal(tensor, std, seed);
    }

    /// <inheritdoc/>
    public override void Fill(in Tensor tensor, float value)
    {
        ExpectFill(tensor);
        if (tensor.Count > 0) _ops.Fill(tensor, value);
    }

    /// <inheritdoc/>
    public override void LeaveRanks() => Communicator?.Abort();

    /// <inheritdoc/>
    public override void Synchronize()
    {
        ExpectNoRecording(nameof(Synchronize), "which waits for the device");
        _context.Stream.Synchronize();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        _ops.Dispose();
        _staging.Dispose();
        Communicator?.Dispose();
        _context.Dispose();
        _heap.Dispose();
        Device.Dispose();
    }

    private static void ExpectTransfer(in Tensor tensor, long bytes, string name)
    {
        if (!tensor.IsContiguous || tensor.ByteCount != bytes)
            throw new ArgumentException($"{name} is {tensor} of {tensor.ByteCount} bytes{(tensor.IsContiguous ? "" : ", strided")}, expected contiguous, {bytes} bytes", name);
    }

    private static void ExpectFill(in Tensor tensor)
    {
        if (!tensor.IsContiguous || !tensor.DType.IsCompute()) throw new ArgumentException($"tensor is {tensor}, expected contiguous of a compute type", nameof(tensor));
    }
}
