using SglNative.Core.Tensors;
using SglNative.Cpu.Attention;
using SglNative.Cpu.Linear;
using SglNative.Models.Batches;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    /// <summary>Heads that share a pass over the latent rows at most: enough to use what was gathered, few enough to give each thread some.</summary>
    private const int MostLatentGroup = 16;

    /// <inheritdoc/>
    protected override void StoreLatentInto(in Tensor x, in Tensor cache, in Tensor slots)
    {
        ExpectSlots(slots, cache.Shape[0] * cache.Shape[1]);
        if (!cache.DType.IsCompute() || cache.Strides[2] != 1) throw new ArgumentException($"cache is {cache}, expected a dense compute type", nameof(cache));
        var size = cache.DType.Size();
        var job = new StoreJob
        {
            Keys = new RowView(x), Slots = (int*)slots.Data,
            Cache = (byte*)cache.Data, CacheDType = cache.DType, PageSize = (int)cache.Shape[1],
            PageStride = cache.Strides[0] * size, TokenStride = cache.Strides[1] * size,
        };
        pool.ReserveScratch(job.Keys.Width * 4L);
        job.Scratch = pool.Scratches;
        pool.Run(job.Split.Cut((int)x.Shape[0], job.Keys.Width), &StoreLatents, &job);
    }

    private static void StoreLatents(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(StoreJob*)arguments;
        for (var token = job.Split.First(chunk); token < job.Split.End(chunk); token++)
        {
            if (job.Slots[token] < 0) continue;
            var (page, offset) = Math.DivRem(job.Slots[token], job.PageSize);
            StoreRow(in job, job.Keys, token, job.Cache + page * job.PageStride + offset * job.TokenStride, worker);
        }
    }

    /// <inheritdoc/>
    protected override void LatentAttentionInto(
        in Tensor q, in Tensor qRope, in Tensor cache, in AttentionMetadata metadata, float scale, in Tensor output)
    {
        if (!q.DType.IsCompute() || qRope.DType != q.DType || !cache.DType.IsCompute() || q.Strides[2] != 1 || qRope.Strides[2] != 1 || cache.Strides[2] != 1)
            throw new ArgumentException($"q is {q}, qRope {qRope}, cache {cache}; expected dense compute types, both queries of one", nameof(q));
        var (querySize, cacheSize) = (q.DType.Size(), cache.DType.Size());
        var (heads, rank, width) = ((int)q.Shape[1], (int)q.Shape[2], (int)cache.Shape[2]);
        // Every group of heads reads the same rows, as if each had a key head of its own; which heads stand together changes no bit.
        var group = Math.Min(heads, MostLatentGroup);
        while (heads % group != 0) group--;
        var job = new AttentionJob
        {
            Query = (byte*)q.Data, QueryDType = q.DType, QueryDim = rank,
            QueryTokenStride = q.Strides[0] * querySize, QueryHeadStride = q.Strides[1] * querySize,
            QueryTail = (byte*)qRope.Data, QueryTailTokenStride = qRope.Strides[0] * querySize, QueryTailHeadStride = qRope.Strides[1] * querySize,
            Output = (byte*)output.Data, OutputDType = output.DType,
            Cache = (byte*)cache.Data, CacheDType = cache.DType, PageSize = metadata.PageSize,
            PageStride = cache.Strides[0] * cacheSize, TokenStride = cache.Strides[1] * cacheSize,
            QueryStart = (int*)metadata.QueryStart.Data, KvLengths = (int*)metadata.KvLengths.Data,
            PageTable = (int*)metadata.PageTable.Data, PageTableStride = metadata.PageTable.Strides[0],
            HeadDim = width, Padded = Packing<TSimd, TVector>.PaddedCount(width),
            ValueDim = rank, ValuePadded = Packing<TSimd, TVector>.PaddedCount(rank),
            KeyHeads = heads / group, Group = group, Scale = scale,
        };
        Attend(ref job, in metadata, (int)q.Shape[0], cache.Shape[0]);
    }
}
