using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Cpu.Memory;
using SglNative.Cpu.Operations;
using SglNative.Cpu.Ranks;
using SglNative.Cpu.Simd;
using SglNative.Cpu.Threading;
using SglNative.Models.Backends;
using SglNative.Models.Operations;
using SglNative.Models.Parallelism;

namespace SglNative.Cpu;

/// <summary>
/// Models on the host's processor: all cores, vector instructions chosen at run time, no native library. Activations are float32,
/// weights and cache keep the model's type. Results are bitwise the same whatever the number of threads, whatever else is in the
/// batch, and whether a token is prefilled or decoded; see <see cref="CpuOptions.Simd"/> for what they do depend on.
/// </summary>
public sealed class CpuBackend : Backend
{
    private readonly HostAllocator _allocator;
    private readonly WorkerPool _pool;
    private readonly ICpuOps _ops;
    private readonly CpuRankGroup? _group;

    /// <summary>Starts the threads; <paramref name="options"/> null takes the defaults.</summary>
    /// <exception cref="SglException">The processor lacks the instructions asked for.</exception>
    public CpuBackend(CpuOptions? options = null)
    {
        options ??= new CpuOptions();
        if (options.Threads < 0) throw new SglException($"CPU threads: {options.Threads} is negative; 0 takes all processors");
        if (options.Group is { } group && (uint)options.Rank >= (uint)group.Size)
            throw new SglException($"CPU rank: {options.Rank} is none of a group of {group.Size}, expected 0 to {group.Size - 1}");
        Parallel = options.Group is null ? ParallelContext.Single : new ParallelContext(options.Rank, options.Group.Size);
        _group = options.Group;
        Simd = Choose(options.Simd);
        _allocator = new HostAllocator(options.HugePages);
        _pool = new WorkerPool(options.Threads == 0 ? Environment.ProcessorCount : options.Threads);
        _ops = Simd switch
        {
            SimdLevel.Avx512 => new CpuOps<Avx512Simd, Vector512<float>>(this, _pool, options),
            SimdLevel.Avx2 => new CpuOps<Avx2Simd, Vector256<float>>(this, _pool, options),
            SimdLevel.Vector128 => new CpuOps<Vector128Simd, Vector128<float>>(this, _pool, options),
            _ => new CpuOps<ScalarSimd, float>(this, _pool, options),
        };
    }

    /// <summary>The vector instructions in use, never <see cref="SimdLevel.Auto"/>.</summary>
    public SimdLevel Simd { get; }

    /// <summary>Threads that compute, the calling one included.</summary>
    public int ThreadCount => _pool.ThreadCount;

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture,
        $"{HostMemory.ProcessorName()}, {ThreadCount} thread{(ThreadCount == 1 ? "" : "s")}, {Simd}, {Memory.Total / (double)(1L << 30):F1} GiB memory");

    /// <inheritdoc/>
    public override (long Total, long Free) Memory => _allocator.Memory;

    /// <inheritdoc/>
    public override ParallelContext Parallel { get; }

    /// <inheritdoc/>
    public override Ops Ops => (Ops)_ops;

    /// <inheritdoc/>
    public override int DefaultPageSize => 16;

    /// <summary>True if this processor runs kernels of <paramref name="level"/>.</summary>
    public static bool IsSupported(SimdLevel level) => level switch
    {
        SimdLevel.Avx512 => Avx512Simd.IsSupported,
        SimdLevel.Avx2 => Avx2Simd.IsSupported,
        SimdLevel.Vector128 => Vector128Simd.IsSupported,
        _ => true,
    };

    /// <inheritdoc/>
    public override DType WeightDType(DType requested) => requested;

    /// <inheritdoc/>
    public override DType OperandDType(DType modelDType) => DType.Float32;

    /// <inheritdoc/>
    public override Tensor Allocate(Shape shape, DType dtype) => new(_allocator.Allocate(shape.Count * dtype.Size(), shape, dtype), dtype, shape);

    /// <inheritdoc/>
    public override void Free(in Tensor tensor) => _allocator.Free(tensor.Data);

    /// <inheritdoc/>
    public override unsafe void Upload(ReadOnlySpan<byte> source, in Tensor destination)
    {
        ExpectTransfer(destination, source.Length, nameof(destination));
        source.CopyTo(new Span<byte>((void*)destination.Data, source.Length));
    }

    /// <inheritdoc/>
    public override unsafe void Download(in Tensor source, Span<byte> destination)
    {
        ExpectTransfer(source, destination.Length, nameof(source));
        new ReadOnlySpan<byte>((void*)source.Data, destination.Length).CopyTo(destination);
    }

    /// <inheritdoc/>
    public override void FillNormal(in Tensor tensor, float std, ulong seed)
    {
        ExpectFill(tensor);
        _ops.FillNormal(tensor, std, seed);
    }

    /// <inheritdoc/>
    public override void Fill(in Tensor tensor, float value)
    {
        ExpectFill(tensor);
        _ops.Fill(tensor, value);
    }

    /// <inheritdoc/>
    public override void LeaveRanks() => _group?.Abort();

    /// <summary>Returns at once: every call has finished when it returns.</summary>
    public override void Synchronize() { }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        _pool.Dispose();
        _ops.Release();
        _allocator.Dispose();
    }

    private static SimdLevel Choose(SimdLevel requested)
    {
        if (requested == SimdLevel.Auto)
        {
            // Vector512.IsHardwareAccelerated is false on processors that slow down under 512-bit instructions.
            return Avx512Simd.IsSupported && Vector512.IsHardwareAccelerated ? SimdLevel.Avx512
                : Avx2Simd.IsSupported ? SimdLevel.Avx2
                : Vector128Simd.IsSupported ? SimdLevel.Vector128
                : SimdLevel.Scalar;
        }
        return IsSupported(requested) ? requested : throw new SglException(
            $"CPU instructions {requested} were asked for, which this processor ({RuntimeInformation.ProcessArchitecture}) does not have; Auto takes the best it has");
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
