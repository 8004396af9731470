using System.Runtime.CompilerServices;
using SglNative.Core.Tensors;
using SglNative.Cpu.Attention;
using SglNative.Cpu.Linear;
using SglNative.Models.Batches;
using SglNative.Models.Operations;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    /// <summary>The most memory that partial results of splits may take.</summary>
    private const long MaxPartialBytes = 64 << 20;

    /// <inheritdoc/>
    protected override void AttentionInto(
        in Tensor q, in Tensor cache, in AttentionMetadata metadata, AttentionOptions options, in Tensor sinks, in Tensor output)
    {
        if (!q.DType.IsCompute() || !cache.DType.IsCompute() || q.Strides[2] != 1 || cache.Strides[4] != 1)
            throw new ArgumentException($"q is {q}, cache {cache}; expected dense compute types", nameof(q));
        var cacheSize = cache.DType.Size();
        var job = new AttentionJob
        {
            Query = (byte*)q.Data, QueryDType = q.DType,
            QueryTokenStride = q.Strides[0] * q.DType.Size(), QueryHeadStride = q.Strides[1] * q.DType.Size(),
            Output = (byte*)output.Data, OutputDType = output.DType,
            Cache = (byte*)cache.Data, CacheDType = cache.DType, PageSize = metadata.PageSize,
            PageStride = cache.Strides[0] * cacheSize, ValueOffset = cache.Strides[1] * cacheSize,
            HeadStride = cache.Strides[2] * cacheSize, TokenStride = cache.Strides[3] * cacheSize,
            QueryStart = (int*)metadata.QueryStart.Data, KvLengths = (int*)metadata.KvLengths.Data,
            PageTable = (int*)metadata.PageTable.Data, PageTableStride = metadata.PageTable.Strides[0], PageTableStep = metadata.PageTable.Strides[1],
            QueryDim = (int)q.Shape[2], HeadDim = (int)q.Shape[2], Padded = Packing<TSimd, TVector>.PaddedCount((int)q.Shape[2]),
            ValueDim = (int)q.Shape[2], ValuePadded = Packing<TSimd, TVector>.PaddedCount((int)q.Shape[2]),
            KeyHeads = (int)cache.Shape[2], Group = (int)(q.Shape[1] / cache.Shape[2]),
            Scale = options.Scale, SoftCap = options.SoftCap, Window = options.Window, Sinks = (float*)sinks.Data,
        };
        Attend(ref job, in metadata, (int)q.Shape[0], cache.Shape[0]);
    }

    private void Attend(ref AttentionJob arguments, in AttentionMetadata metadata, int tokens, long pages)
    {
        var job = arguments;
        CheckSequences(in job, in metadata, tokens, pages);
        CutIntoBlocks(ref job, in metadata, tokens);
        pool.ReserveScratch(job.ScratchFloats * (long)sizeof(float));
        job.Scratch = pool.Scratches;

        var chunks = job.BlockCount * job.KeyHeads;
        if (job.Splits == 0)
        {
            pool.Run(chunks, &AttentionKernel<TSimd, TVector>.RunWhole, &job);
            return;
        }
        pool.Run(chunks * job.Splits, &AttentionKernel<TSimd, TVector>.RunSplit, &job);
        pool.Run(chunks, &AttentionKernel<TSimd, TVector>.MergeSplits, &job);
    }

    /// <summary>
    /// Lists the blocks of query tokens and decides about splits: they are worth their merge when there are fewer (block, key
    /// head) pairs than would keep all threads busy. Either way gives the same bits.
    /// </summary>
    private void CutIntoBlocks(ref AttentionJob job, in AttentionMetadata metadata, int tokens)
    {
        var perBlock = Math.Max(1, AttentionJob.RowsPerBlock / job.Group);
        var maxBlocks = metadata.SequenceCount + tokens / perBlock;
        var longest = 0;
        var blocks = 0;
        for (var b = 0; b < metadata.SequenceCount; b++)
        {
            longest = Math.Max(longest, job.KvLengths[b]);
            blocks += (job.QueryStart[b + 1] - job.QueryStart[b] + perBlock - 1) / perBlock;
        }
        var splits = (longest + AttentionJob.SplitLength - 1) / AttentionJob.SplitLength;
        var partialBytes = (long)blocks * job.KeyHeads * splits * job.MaxRows * job.PartialStride * sizeof(float);
        job.Splits = pool.ThreadCount > 1 && splits > 1 && blocks * job.KeyHeads < 4 * pool.ThreadCount && partialBytes <= MaxPartialBytes ? splits : 0;

        var blockBytes = (long)maxBlocks * sizeof(QueryBlock);
        blockBytes = (blockBytes + 63) / 64 * 64;
        var memory = _shared.Reserve(blockBytes + (job.Splits > 0 ? partialBytes : 0));
        job.Blocks = (QueryBlock*)memory;
        job.Partials = (float*)(memory + blockBytes);
        for (var b = 0; b < metadata.SequenceCount; b++)
        {
            var (first, end) = (job.QueryStart[b], job.QueryStart[b + 1]);
            for (var token = first; token < end; token += perBlock)
                job.Blocks[job.BlockCount++] = new QueryBlock(b, token, Math.Min(perBlock, end - token), job.KvLengths[b] - end + token);
        }
    }

    /// <summary>The metadata comes from the engine; a defect there should be an exception, not a read outside the cache.</summary>
    private static void CheckSequences(in AttentionJob job, in AttentionMetadata metadata, int tokens, long pages)
    {
        var sequences = metadata.SequenceCount;
        metadata.QueryStart.Expect(nameof(metadata), sequences + 1);
        metadata.PageTable.Expect(nameof(metadata), sequences, -1);
        if (job.QueryStart[0] != 0 || job.QueryStart[sequences] != tokens)
            throw new ArgumentException($"sequences cover tokens {job.QueryStart[0]} to {job.QueryStart[sequences]}, expected 0 to {tokens}", nameof(metadata));
        for (var b = 0; b < sequences; b++)
        {
            var (count, length) = (job.QueryStart[b + 1] - job.QueryStart[b], job.KvLengths[b]);
            var used = (length + job.PageSize - 1) / job.PageSize;
            if (count < 0 || count > length || used > metadata.PageTable.Shape[1])
                throw new ArgumentException($"sequence {b} has {count} queries, {length} keys and {metadata.PageTable.Shape[1]} pages of {job.PageSize}", nameof(metadata));
            var table = job.PageTable + b * job.PageTableStride;
            // Pages that have left the window may have been given to others, or to nobody.
            var oldest = job.Window > 0 ? Math.Max(0, length - count - job.Window + 1) / job.PageSize : 0;
            for (var p = oldest; p < used; p++)
                if ((uint)table[p * job.PageTableStep] >= pages) throw new ArgumentException($"page table of sequence {b} holds {table[p * job.PageTableStep]}, expected 0 to {pages - 1}", nameof(metadata));
        }
    }
}
