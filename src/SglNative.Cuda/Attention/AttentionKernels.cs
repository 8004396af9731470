using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Cuda.Kernels;
using SglNative.Models.Batches;
using SglNative.Models.Operations;

namespace SglNative.Cuda.Attention;

/// <summary>
/// Attention of a step. Sequences of one token always take the decode kernel and others the prefill kernel, so that a token's
/// result does not depend on its neighbours in the batch beyond how its keys are cut into parts.
/// </summary>
internal sealed class AttentionKernels(KernelContext context)
{
    private const int LargestHead = 256;

    private readonly PrefillAttention _prefill = new(context);
    private readonly DecodeAttention _decode = new(context);
    private readonly PlainAttention _plain = new(context);
    private readonly CombineSplits _combine = new(context);

    public void Run(in Tensor q, in Tensor cache, in AttentionMetadata metadata, AttentionOptions options, in Tensor sinks, in Tensor output)
    {
        Check(q, cache, metadata);
        var shape = AttentionShape.Of(q, cache, metadata, options);
        var arguments = new AttentionArguments
        {
            Query = q.Data,
            Cache = cache.Data,
            Output = output.Data,
            QueryStart = metadata.QueryStart.Data,
            KvLengths = metadata.KvLengths.Data,
            PageTable = metadata.PageTable.Data,
            Sinks = sinks.Data,
            QueryToken = q.Strides[0],
            QueryHead = q.Strides[1],
            PageStride = cache.Strides[0],
            PageTableStride = metadata.PageTable.Strides[0],
            PageTableStep = checked((int)metadata.PageTable.Strides[1]),
            Sequences = shape.Sequences,
            QueryHeads = checked((int)q.Shape[1]),
            KvHeads = shape.KvHeads,
            Group = shape.Group,
            Window = options.Window,
            Splits = 1,
            ShortestPart = SplitConfig.ShortestPart,
            Mixed = shape.IsMixed ? 1 : 0,
            Scale = options.Scale,
            SoftCap = options.SoftCap,
        };
        if (UsesTensorCores(q.DType, cache.DType))
        {
            if (!shape.IsDecode) _prefill.Run(shape, q.DType, metadata.PageSize, arguments);
            if (!shape.IsDecode && !shape.IsMixed) return;
            Split(shape, DecodeAttention.Rows, ref arguments);
            _decode.Run(shape, q.DType, metadata.PageSize, arguments);
        }
        else
        {
            arguments.Mixed = 0;
            if (shape.IsDecode) Split(shape, PlainAttention.Rows, ref arguments);
            _plain.Run(shape, q.DType, cache.DType, metadata.PageSize, arguments);
        }
        if (arguments.Splits > 1) _combine.Run(shape, q.DType, arguments);
    }

    /// <summary>True where queries and cache are of one 16-bit type.</summary>
    public static bool UsesTensorCores(DType query, DType cache) => query == cache && query is DType.BFloat16 or DType.Float16;

    private void Split(in AttentionShape shape, int rows, ref AttentionArguments arguments)
    {
        var config = SplitConfig.For(shape, rows, context.Capabilities.MultiprocessorCount);
        arguments.Splits = config.Splits;
        if (config.Splits == 1) return;
        arguments.Partial = context.Workspace.Require(config.WorkspaceBytes(shape));
        arguments.PartialLse = arguments.Partial
            + (nint)((long)shape.Sequences * arguments.QueryHeads * config.Splits * shape.HeadDim * sizeof(float));
    }

    private static void Check(in Tensor q, in Tensor cache, in AttentionMetadata metadata)
    {
        var headDim = q.Shape[2];
        if (headDim > LargestHead || headDim % RowLaunch.Vector != 0)
            throw new SglException($"attention heads of {headDim} elements are not supported on CUDA; a multiple of 8 up to {LargestHead} is");
        if (cache.Shape[0] > 0 && !cache[0].IsContiguous) throw new ArgumentException($"the pages of cache {cache} are not contiguous", nameof(cache));
        if (!RowLaunch.IsAligned(q) || !RowLaunch.IsAligned(cache))
            throw new ArgumentException($"rows of q {q} and cache {cache} must start at multiples of 16 bytes", nameof(q));
        metadata.QueryStart.ExpectDense("metadata.QueryStart", DType.Int32);
        metadata.KvLengths.ExpectDense("metadata.KvLengths", DType.Int32);
        if (metadata.PageTable.DType != DType.Int32) throw new ArgumentException($"metadata.PageTable is {metadata.PageTable}, expected int32", nameof(metadata));
    }
}
