using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Interop;
using SglNative.Models.Batches;

namespace SglNative.Cuda.Recurrent;

/// <summary>
/// The gated delta rule of a step: kernels/recurrent/gated_delta_rule.cu token by token, for decode steps and in float32, and
/// <see cref="ChunkedDeltaRule"/> for prompts.
/// </summary>
/// <param name="context">What kernels run on.</param>
/// <param name="deterministic">Whether a token's bits must not depend on whether it is prefilled or decoded: all go token by token then.</param>
internal sealed class GatedDeltaRule(KernelContext context, bool deterministic)
{
    private const int Columns = 32, Threads = 128, LargestKeyDim = 256;

    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name);
    private readonly ChunkedDeltaRule _chunked = new(context);

    public static KernelName Name(Key key) => new("recurrent/gated_delta_rule.cu", $"sgl::gated_delta_rule<{key.DType.Cpp()}, {key.Output.Cpp()}, {key.KeyDim}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from rule in range.DeltaRules
        select Name(new(KernelRange.Between, KernelRange.Between, rule.KeyDim));

    public void Run(
        in Tensor q, in Tensor k, in Tensor v, in Tensor logDecay, in Tensor beta, in Tensor state, in AttentionMetadata metadata, float scale, float eps,
        DType operand, in Tensor output)
    {
        q.ExpectDenseRows(nameof(q));
        k.ExpectDenseRows(nameof(k));
        v.ExpectDenseRows(nameof(v));
        TensorChecks.ExpectSameType(q, k, nameof(k));
        TensorChecks.ExpectSameType(q, v, nameof(v));
        logDecay.ExpectDense(nameof(logDecay), DType.Float32);
        beta.ExpectDense(nameof(beta), DType.Float32);
        metadata.ExpectStates();
        var keyDim = checked((int)q.Shape[2]);
        if (keyDim > LargestKeyDim) throw new SglException($"a gated delta rule with keys of {keyDim} elements is not supported on CUDA; up to {LargestKeyDim} are");
        var arguments = new DeltaRuleArguments
        {
            Query = q.Data,
            Key = k.Data,
            Value = v.Data,
            LogDecay = logDecay.Data,
            Beta = beta.Data,
            State = state.Data,
            Output = output.Data,
            QueryStart = metadata.QueryStart.Data,
            KvLengths = metadata.KvLengths.Data,
            StateSlots = metadata.StateSlots.Data,
            QueryToken = q.Strides[0],
            QueryHead = q.Strides[1],
            KeyToken = k.Strides[0],
            KeyHead = k.Strides[1],
            ValueToken = v.Strides[0],
            ValueHead = v.Strides[1],
            Sequences = metadata.SequenceCount,
            KeyHeads = checked((int)q.Shape[1]),
            ValueHeads = checked((int)v.Shape[1]),
            ValueDim = checked((int)v.Shape[2]),
            Slots = checked((int)state.Shape[0]),
            Longest = int.MaxValue,
            Scale = scale,
            Eps = eps,
        };
        if (!deterministic && metadata.MaxQueryLength >= ChunkedDeltaRule.Shortest
            && ChunkedDeltaRule.KeyFor(q.DType, operand, output.DType, keyDim, arguments.ValueDim, context.Capabilities) is { } chunkedKey)
        {
            var tokens = checked((int)q.Shape[0]);
            _chunked.Run(chunkedKey, tokens, metadata.MaxQueryLength, arguments);
            // Others may be shorter only where not all are equally long.
            if (tokens == (long)metadata.MaxQueryLength * arguments.Sequences) return;
            arguments.Longest = ChunkedDeltaRule.Shortest - 1;
        }
        var grid = new Dim3((arguments.ValueDim + Columns - 1) / Columns, arguments.ValueHeads, arguments.Sequences);
        context.Launch(_kernels[new Key(q.DType, output.DType, keyDim)], grid, Threads, arguments);
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType DType, DType Output, int KeyDim);
}
