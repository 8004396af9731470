using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Caching;
using SglNative.Models.Modules;
using SglNative.Models.Operations;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>Causal attention over this layer's paged KV cache, which it declares and writes.</summary>
public sealed class RadixAttention : Module
{
    private readonly AttentionOptions _options;
    private readonly Parameter? _sinks;
    private readonly DType _operand;
    private readonly int _cache;

    /// <summary>
    /// Declares the cache: <see cref="CacheSpec.Sliding"/> when the options have a window, else <see cref="CacheSpec.Full"/>.
    /// <paramref name="sinks"/> float32 [Hq]; see <see cref="Operations.Ops.Attention"/>.
    /// </summary>
    public RadixAttention(ModuleScope scope, int kvHeads, int headDim, AttentionOptions options, Parameter? sinks = null) : base(scope)
    {
        (_options, _sinks, _operand) = (options, sinks, scope.Build.OperandDType);
        _cache = scope.Cache(options.Window > 0 ? new CacheSpec.Sliding(kvHeads, headDim, options.Window) : new CacheSpec.Full(kvHeads, headDim));
    }

    /// <summary>q [T, Hq, D], k and v [T, Hk, D] of the step's tokens → [T, Hq · D].</summary>
    public Tensor Forward(ForwardBatch batch, in Tensor q, in Tensor k, in Tensor v)
    {
        var cache = batch.Cache(_cache);
        Ops.StoreKv(k, v, cache, batch.Slots);
        var output = Ops.Attention(Operand(q), cache, batch.Attention, _options, _sinks?.Value ?? default);
        return Output(output.View(q.Shape[0], q.Shape[1] * q.Shape[2]));
    }

    private Tensor Operand(in Tensor q) => q.DType == _operand ? q : Ops.Cast(q, _operand);
}
