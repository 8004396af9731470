using SglNative.Core.Tensors;
using SglNative.Cpu.Memory;
using SglNative.Cpu.Simd;
using SglNative.Cpu.Threading;
using SglNative.Models.Backends;
using SglNative.Models.Operations;

namespace SglNative.Cpu.Operations;

/// <summary>
/// The operations' vocabulary on the processor, instantiated for one kind of vector. Every method returns when its result is
/// there. Steady-state calls allocate nothing: jobs are argument blocks on the stack and static functions.
/// </summary>
internal sealed unsafe partial class CpuOps<TSimd, TVector>(Backend backend, WorkerPool pool, CpuOptions options) : Ops, ICpuOps
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private SharedBuffer _shared;

    /// <inheritdoc/>
    public override Backend Backend => backend;

    void ICpuOps.Release() => _shared.Free();

    private static void ExpectIds(in Tensor ids, long limit, string name)
    {
        if (ids.DType != DType.Int32 || !ids.IsContiguous) throw new ArgumentException($"{name} is {ids}, expected contiguous int32", name);
        foreach (var id in Ints(ids))
            if ((uint)id >= limit) throw new ArgumentOutOfRangeException(name, $"{name} holds {id}, expected 0 to {limit - 1}");
    }

    private static ReadOnlySpan<int> Ints(in Tensor tensor) => new((void*)tensor.Data, checked((int)tensor.Count));

    private void RunRows(ref RowJob job, int rows, long elementsPerRow, int scratchFloats, delegate*<void*, int, int, void> body)
    {
        pool.ReserveScratch(scratchFloats * 4L);
        job.Scratch = pool.Scratches;
        var chunks = job.Split.Cut(rows, elementsPerRow);
        fixed (RowJob* arguments = &job) pool.Run(chunks, body, arguments);
    }
}
