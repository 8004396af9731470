using System.Runtime.CompilerServices;
using SglNative.Core.Tensors;
using SglNative.Cpu.Attention;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    /// <inheritdoc/>
    protected override void StoreKvInto(in Tensor k, in Tensor v, in Tensor cache, in Tensor slots)
    {
        ExpectSlots(slots, cache.Shape[0] * cache.Shape[3]);
        if (!cache.DType.IsCompute() || cache.Strides[4] != 1) throw new ArgumentException($"cache is {cache}, expected a dense compute type", nameof(cache));
        var size = cache.DType.Size();
        var job = new StoreJob
        {
            Keys = new RowView(k), Values = new RowView(v), Slots = (int*)slots.Data, Heads = (int)k.Shape[1],
            Cache = (byte*)cache.Data, CacheDType = cache.DType, PageSize = (int)cache.Shape[3],
            PageStride = cache.Strides[0] * size, ValueOffset = cache.Strides[1] * size,
            HeadStride = cache.Strides[2] * size, TokenStride = cache.Strides[3] * size,
        };
        var rows = (int)k.Shape[0];
        pool.ReserveScratch(job.Keys.Width * 4L);
        job.Scratch = pool.Scratches;
        pool.Run(job.Split.Cut(rows, 2L * job.Heads * job.Keys.Width), &StoreTokens, &job);
    }

    private static void ExpectSlots(in Tensor slots, long limit)
    {
        if (slots.DType != DType.Int32 || !slots.IsContiguous) throw new ArgumentException($"slots are {slots}, expected contiguous int32", nameof(slots));
        foreach (var slot in Ints(slots))
            if (slot >= limit) throw new ArgumentOutOfRangeException(nameof(slots), $"slot {slot} is outside the cache of {limit}");
    }

    private static void StoreTokens(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(StoreJob*)arguments;
        for (var token = job.Split.First(chunk); token < job.Split.End(chunk); token++)
        {
            if (job.Slots[token] < 0) continue;
            var (page, offset) = Math.DivRem(job.Slots[token], job.PageSize);
            var destination = job.Cache + page * job.PageStride + offset * job.TokenStride;
            for (var head = 0; head < job.Heads; head++, destination += job.HeadStride)
            {
                StoreRow(in job, job.Keys, token * job.Heads + head, destination, worker);
                StoreRow(in job, job.Values, token * job.Heads + head, destination + job.ValueOffset, worker);
            }
        }
    }

    private static void StoreRow(in StoreJob job, in RowView rows, int row, byte* destination, int worker)
    {
        var values = Conversion<TSimd, TVector>.Read(rows[row], rows.DType, (float*)job.Scratch[worker], rows.Width);
        Conversion<TSimd, TVector>.FromFloat(values, destination, job.CacheDType, rows.Width);
    }

    /// <inheritdoc/>
    protected override void RotaryEmbeddingInPlace(in Tensor q, in Tensor k, in Tensor positions, in Tensor cosSin, bool interleaved)
    {
        ExpectIds(positions, cosSin.Shape[0], nameof(positions));
        if (cosSin.DType != DType.Float32 || cosSin.Strides[1] != 1) throw new ArgumentException($"cosSin is {cosSin}, expected dense float32", nameof(cosSin));
        var job = new RotaryJob
        {
            Queries = new RowView(q), Keys = new RowView(k), QueryHeads = (int)q.Shape[1], KeyHeads = (int)k.Shape[1],
            Positions = (int*)positions.Data, CosSin = (float*)cosSin.Data, CosSinStride = cosSin.Strides[0],
            Half = (int)cosSin.Shape[1] / 2, Interleaved = interleaved,
        };
        pool.ReserveScratch(job.Queries.Width * 4L);
        job.Scratch = pool.Scratches;
        pool.Run(job.Split.Cut((int)q.Shape[0], 2L * (job.QueryHeads + job.KeyHeads) * job.Half), &RotateTokens, &job);
    }

    private static void RotateTokens(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RotaryJob*)arguments;
        for (var token = job.Split.First(chunk); token < job.Split.End(chunk); token++)
        {
            var cos = job.CosSin + job.Positions[token] * job.CosSinStride;
            for (var head = 0; head < job.QueryHeads; head++) RotateRow(in job, job.Queries, token * job.QueryHeads + head, cos, worker);
            for (var head = 0; head < job.KeyHeads; head++) RotateRow(in job, job.Keys, token * job.KeyHeads + head, cos, worker);
        }
    }

    private static void RotateRow(in RotaryJob job, in RowView rows, int row, float* cos, int worker)
    {
        var data = rows[row];
        var x = Conversion<TSimd, TVector>.Read(data, rows.DType, (float*)job.Scratch[worker], 2 * job.Half);
        if (job.Interleaved) RotateNeighbours(x, cos, cos + job.Half, job.Half);
        else RotateHalves(x, x + job.Half, cos, cos + job.Half, job.Half);
        Conversion<TSimd, TVector>.Write(x, data, rows.DType, 2 * job.Half);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RotateHalves(float* x, float* y, float* cos, float* sin, int half)
    {
        var i = 0;
        for (; i + TSimd.Width <= half; i += TSimd.Width)
        {
            var (a, b, c, s) = (TSimd.Load(x + i), TSimd.Load(y + i), TSimd.Load(cos + i), TSimd.Load(sin + i));
            TSimd.Store(x + i, TSimd.Subtract(TSimd.Multiply(a, c), TSimd.Multiply(b, s)));
            TSimd.Store(y + i, TSimd.MultiplyAdd(a, s, TSimd.Multiply(b, c)));
        }
        for (; i < half; i++) (x[i], y[i]) = (x[i] * cos[i] - y[i] * sin[i], x[i] * sin[i] + y[i] * cos[i]);
    }

    private static void RotateNeighbours(float* x, float* cos, float* sin, int half)
    {
        for (var i = 0; i < half; i++, x += 2) (x[0], x[1]) = (x[0] * cos[i] - x[1] * sin[i], x[0] * sin[i] + x[1] * cos[i]);
    }
}
