using SglNative.Core.Tensors;
using SglNative.Cpu.Attention;
using SglNative.Cpu.Linear;
using SglNative.Models.Batches;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    /// <summary>Heads that share a pass over the latent rows at most: enough to use what was gathered, few enough to give each thread some.</summary>
    private const int MostLatentGroup = 16;

    /// <summary>As a mixture of experts, of which each head is one: rows are sorted by head.</summary>
    protected override void HeadLinearInto(in Tensor x, in Tensor weight, in Tensor output)
    {
        if (!weight.DType.IsCompute() || (weight.Shape[2] > 1 && weight.Strides[2] != 1))
            throw new ArgumentException($"weight is {weight}, expected rows of a compute type", nameof(weight));
        var (tokens, heads, size) = (checked((int)x.Shape[0]), checked((int)x.Shape[1]), weight.DType.Size());
        var job = new LinearJob
        {
            X = new RowView(x), Output = new RowView(output),
            Weight = (byte*)weight.Data, WeightStride = weight.Strides[1] * size, ExpertStride = weight.Strides[0] * size,
            M = checked(tokens * heads), N = checked((int)weight.Shape[1]), K = checked((int)x.Shape[2]), Interleaved = weight.DType == DType.BFloat16,
            GatherDivisor = 1,
        };
        var blocksPerHead = (tokens + MaxBlockRows - 1) / MaxBlockRows;
        var bytes = ((long)job.M * sizeof(int) + (long)heads * blocksPerHead * sizeof(ExpertBlock) + 63) / 64 * 64;
        var memory = _shared.Reserve(bytes + (long)job.M * Packing<TSimd, TVector>.PaddedCount(job.K) * sizeof(float));
        job.Blocks = (ExpertBlock*)memory;
        job.Gather = job.Scatter = (int*)(job.Blocks + heads * blocksPerHead);
        for (int head = 0, block = 0; head < heads; head++)
        {
            for (var token = 0; token < tokens; token++) job.Gather[head * tokens + token] = token * heads + head;
            for (var first = 0; first < tokens; first += MaxBlockRows)
                job.Blocks[block++] = new ExpertBlock(head, head * tokens + first, head * tokens + Math.Min(tokens, first + MaxBlockRows));
        }
        // The lists stay: the same memory, being large enough, is handed out again.
        PackInput(ref job, bytes);
        CutColumns(ref job, weight.DType);
        var chunks = checked(heads * blocksPerHead * job.BlocksN);
        switch (weight.DType)
        {
            case DType.Float32: pool.Run(chunks, &ExpertBlockOfRows<Float32Weight<TSimd, TVector>>, &job); break;
            case DType.BFloat16: pool.Run(chunks, &ExpertBlockOfRows<BFloat16Weight<TSimd, TVector>>, &job); break;
            default: pool.Run(chunks, &ExpertBlockOfRows<Float16Weight<TSimd, TVector>>, &job); break;
        }
    }

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
            PageTable = (int*)metadata.PageTable.Data, PageTableStride = metadata.PageTable.Strides[0], PageTableStep = metadata.PageTable.Strides[1],
            HeadDim = width, Padded = Packing<TSimd, TVector>.PaddedCount(width),
            ValueDim = rank, ValuePadded = Packing<TSimd, TVector>.PaddedCount(rank),
            KeyHeads = heads / group, Group = group, Scale = scale,
        };
        Attend(ref job, in metadata, (int)q.Shape[0], cache.Shape[0]);
    }
}
