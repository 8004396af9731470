using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Cuda.Attention;
using SglNative.Cuda.Kernels;
using SglNative.Models.Batches;

namespace SglNative.Cuda.Latent;

/// <summary>
/// Latent attention of a step. Sequences of one token may have their keys cut into parts; beside longer ones they get a launch of their
/// own, so that they are cut there, too.
/// </summary>
internal sealed class LatentAttentionKernels(KernelContext context)
{
    private readonly LatentAttention _tensorCores = new(context);
    private readonly PlainLatentAttention _plain = new(context);
    private readonly CombineSplits _combine = new(context);

    public void Run(in Tensor q, in Tensor qRope, in Tensor cache, in AttentionMetadata metadata, float scale, in Tensor output)
    {
        Check(q, qRope, cache, metadata);
        var heads = checked((int)q.Shape[1]);
        var shape = new AttentionShape(checked((int)q.Shape[0]), metadata.SequenceCount, metadata.MaxQueryLength, metadata.MaxKvLength,
            KvHeads: 1, Group: heads, HeadDim: checked((int)q.Shape[2]), Window: 0);
        var arguments = new LatentArguments
        {
            Attention = new AttentionArguments
            {
                Query = q.Data,
                Cache = cache.Data,
                Output = output.Data,
                QueryStart = metadata.QueryStart.Data,
                KvLengths = metadata.KvLengths.Data,
                PageTable = metadata.PageTable.Data,
                QueryToken = q.Strides[0],
                QueryHead = q.Strides[1],
                PageStride = cache.Strides[0],
                PageTableStride = metadata.PageTable.Strides[0],
                PageTableStep = checked((int)metadata.PageTable.Strides[1]),
                Sequences = shape.Sequences,
                QueryHeads = heads,
                KvHeads = 1,
                Group = heads,
                Splits = 1,
                ShortestPart = SplitConfig.ShortestPart,
                Mixed = shape.IsMixed ? 1 : 0,
                Scale = scale,
            },
            QueryRope = qRope.Data,
            RopeToken = qRope.Strides[0],
            RopeHead = qRope.Strides[1],
        };
        var rope = checked((int)qRope.Shape[2]);
        if (!shape.IsDecode) Launch(shape, rope, q.DType, cache.DType, metadata.PageSize, (long)shape.MaxQueryLength * heads, arguments);
        if (!shape.IsDecode && !shape.IsMixed) return;

        arguments.Single = 1;
        Split(shape, RowsOf(shape, rope, q.DType, cache.DType, heads), ref arguments.Attention);
        Launch(shape, rope, q.DType, cache.DType, metadata.PageSize, heads, arguments);
        if (arguments.Attention.Splits > 1) _combine.Run(shape, q.DType, arguments.Attention);
    }

    /// <summary>True where the tensor cores can be used.</summary>
    public static bool UsesTensorCores(DType query, DType cache, int rank) => AttentionKernels.UsesTensorCores(query, cache) && LatentAttention.Supports(rank);

    private void Launch(in AttentionShape shape, int rope, DType query, DType cache, int pageSize, long rows, in LatentArguments arguments)
    {
        if (UsesTensorCores(query, cache, shape.HeadDim))
            _tensorCores.Run(shape, rope, query, pageSize, LatentAttention.Config.For(shape.HeadDim, rope, rows, context.Capabilities), arguments);
        else
            _plain.Run(shape, rope, query, cache, pageSize, arguments);
    }

    private int RowsOf(in AttentionShape shape, int rope, DType query, DType cache, int rows) => UsesTensorCores(query, cache, shape.HeadDim)
        ? LatentAttention.Config.For(shape.HeadDim, rope, rows, context.Capabilities).Rows
        : PlainLatentAttention.Rows;

    private void Split(in AttentionShape shape, int rows, ref AttentionArguments arguments)
    {
        var config = SplitConfig.For(shape, rows, context.Capabilities.MultiprocessorCount);
        arguments.Splits = config.Splits;
        if (config.Splits == 1) return;
        arguments.Partial = context.Workspace.Require(config.WorkspaceBytes(shape));
        arguments.PartialLse = arguments.Partial
            + (nint)((long)shape.Sequences * arguments.QueryHeads * config.Splits * shape.HeadDim * sizeof(float));
    }

    private void Check(in Tensor q, in Tensor qRope, in Tensor cache, in AttentionMetadata metadata)
    {
        var (rank, rope) = (q.Shape[2], qRope.Shape[2]);
        TensorChecks.ExpectSameType(q, qRope, nameof(qRope));
        if (rank % RowLaunch.Vector != 0 || rope % RowLaunch.Vector != 0
            || PlainLatentAttention.SharedMemory(checked((int)(rank + rope))) > context.Capabilities.SharedMemoryPerBlockOptIn)
            throw new SglException($"latent attention of rank {rank} with {rope} rotated elements is not supported on CUDA; multiples of 8 up to about 720 together are");
        if (cache.Shape[0] > 0 && !cache[0].IsContiguous) throw new ArgumentException($"the pages of cache {cache} are not contiguous", nameof(cache));
        if (!RowLaunch.IsAligned(q) || !RowLaunch.IsAligned(qRope) || !RowLaunch.IsAligned(cache))
            throw new ArgumentException($"rows of q {q}, qRope {qRope} and cache {cache} must start at multiples of 16 bytes", nameof(q));
        metadata.QueryStart.ExpectDense("metadata.QueryStart", DType.Int32);
        metadata.KvLengths.ExpectDense("metadata.KvLengths", DType.Int32);
        if (metadata.PageTable.DType != DType.Int32) throw new ArgumentException($"metadata.PageTable is {metadata.PageTable}, expected int32", nameof(metadata));
    }
}
