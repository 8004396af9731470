using SglNative.Core.Progress;
using SglNative.Core.Tensors;
using SglNative.Models.Operations;
using SglNative.Models.Parallelism;

namespace SglNative.Models.Backends;

/// <summary>
/// A device as models and the engine see it: memory that outlives a step, transfers, and the vocabulary of operations.
/// One thread (the scheduler's) uses it at a time; calls are ordered, and only <see cref="Download"/> and
/// <see cref="Synchronize"/> wait for the device.
/// </summary>
public abstract class Backend : IDisposable
{
    /// <summary>Short name as given to <c>--device</c>: <c>cpu</c>, <c>cuda</c>, <c>emulated</c>.</summary>
    public abstract string Name { get; }

    /// <summary>One line for logs: the device's own name, memory, instruction sets or compute capability.</summary>
    public abstract string Description { get; }

    /// <summary>Bytes of device memory: in all, and free for this process now.</summary>
    public abstract (long Total, long Free) Memory { get; }

    /// <summary>This device's rank among those that share a model's weights.</summary>
    public virtual ParallelContext Parallel => ParallelContext.Single;

    /// <summary>The operations, executed in the order of the calls.</summary>
    public abstract Ops Ops { get; }

    /// <summary>The type in which weights of <paramref name="requested"/> (a compute type) are stored here.</summary>
    public abstract DType WeightDType(DType requested);

    /// <summary>
    /// The type in which values enter matrix multiplications, attention and the cache when the model runs in
    /// <paramref name="modelDType"/>. Whatever lies between those (residuals, sums, results of projections) is float32.
    /// </summary>
    public abstract DType OperandDType(DType modelDType);

    /// <summary>The number of tokens in a KV page where the user names none.</summary>
    public abstract int DefaultPageSize { get; }

    /// <summary>Allocates a contiguous tensor that lives until <see cref="Free"/> or disposal; contents are undefined.</summary>
    /// <exception cref="Core.SglException">The device has not that much memory left.</exception>
    public abstract Tensor Allocate(Shape shape, DType dtype);

    /// <summary>Gives back what <see cref="Allocate"/> returned. A view of it is not accepted.</summary>
    public abstract void Free(in Tensor tensor);

    /// <summary>Whether accesses of kernels are checked, so that it matters what is handed out.</summary>
    public virtual bool ChecksMemory => false;

    /// <summary>
    /// From here on <paramref name="bytes"/> bytes within an allocated tensor are a tensor of their own with undefined contents. For
    /// memory that is given out in parts: a device that checks accesses finds those that leave their part.
    /// </summary>
    public virtual void HandOut(nint data, long bytes)
    {
    }

    /// <summary>From here on the bytes, and every tensor in them, are nobody's. See <see cref="HandOut"/>.</summary>
    public virtual void TakeBack(nint data, long bytes)
    {
    }

    /// <summary>Copies host bytes into a contiguous tensor of that many bytes. The source may be reused on return.</summary>
    public abstract void Upload(ReadOnlySpan<byte> source, in Tensor destination);

    /// <summary>Copies a contiguous tensor to the host; waits for the operations before it.</summary>
    public abstract void Download(in Tensor source, Span<byte> destination);

    /// <summary>
    /// Fills a contiguous compute-typed tensor with N(0, <paramref name="std"/>²): elements 2i and 2i + 1 are the numbers of
    /// <see cref="NormalPair"/>(seed, i) times std, rounded to the tensor's type. So the same seed gives the same values on every
    /// backend, to the rounding of its logarithm and cosine.
    /// </summary>
    public abstract void FillNormal(in Tensor tensor, float std, ulong seed);

    /// <summary>
    /// Two independent numbers of N(0, 1), a pure function of (seed, index), by Box and Muller: with z = mix(seed ^ mix(index)),
    /// u = (h + 0.5) / 2^23 of the upper 23 bits h of z and v = l / 2^23 of the upper 23 bits l of z's lower half, they are
    /// √(−2 ln u) · cos 2πv and √(−2 ln u) · sin 2πv. <see cref="Operations.Ops.Mix"/> is mix. No number exceeds 5.8.
    /// </summary>
    public static (float First, float Second) NormalPair(ulong seed, long index)
    {
        var z = Ops.Mix(seed ^ Ops.Mix((ulong)index));
        var radius = MathF.Sqrt(-2 * MathF.Log(((uint)(z >> 41) + 0.5f) * (1f / (1 << 23))));
        var (sin, cos) = MathF.SinCos(2 * MathF.PI * (((uint)z >> 9) * (1f / (1 << 23))));
        return (radius * cos, radius * sin);
    }

    /// <summary>Fills a contiguous compute-typed tensor with one value.</summary>
    public abstract void Fill(in Tensor tensor, float value);

    /// <summary>
    /// Frees this rank where it waits for others: what it was doing with them fails, now or at the next synchronisation, and so does
    /// every later try. Any thread may call.
    /// </summary>
    public virtual void LeaveRanks() { }

    /// <summary>Waits for everything issued so far.</summary>
    public abstract void Synchronize();

    /// <summary>
    /// Makes ready what operations will need: <paramref name="rehearse"/> issues them on a backend of the same kind on which nothing runs
    /// (memory is addresses, what is read back are zeros), and the kernels that they would launch are compiled, in parallel, so that no
    /// request waits for a compiler. Where nothing is compiled it is not called.
    /// </summary>
    /// <exception cref="Core.SglException">There is no compiler.</exception>
    public virtual void Prepare(Action<Backend> rehearse, IByteProgress? progress = null) { }

    /// <summary>Whether <see cref="Record"/> works here.</summary>
    public virtual bool CanRecord => false;

    /// <summary>True while <see cref="Record"/> runs: operations are noted instead of run.</summary>
    public virtual bool IsRecording => false;

    /// <summary>
    /// Records the operations that <paramref name="operations"/> issues, instead of running them. It must do nothing else: what reads
    /// device data, moves host data or allocates could not be repeated. Run it once before, so that kernels are loaded and the
    /// <see cref="TensorArena"/> holds what it needs.
    /// </summary>
    /// <exception cref="RecordingException">It did something else; the exception names the call.</exception>
    public virtual RecordedOperations Record(Action operations) => throw new NotSupportedException($"operations are not recorded on {Name}");

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the device's memory and the device.</summary>
    protected abstract void Dispose(bool disposing);
}
