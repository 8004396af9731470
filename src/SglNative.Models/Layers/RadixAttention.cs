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

    private RadixAttention(ModuleScope scope, RadixAttention owner, AttentionOptions options) : base(scope)
    {
        (_options, _operand) = (options, scope.Build.OperandDType);
        _cache = scope.Cache(new CacheSpec.SharedWith(owner._cache));
    }

    /// <summary>Attention over the keys and values of an earlier layer, which writes them; for <see cref="Forward(ForwardBatch, in Tensor)"/>.</summary>
    public static RadixAttention Sharing(ModuleScope scope, RadixAttention owner, AttentionOptions options) => new(scope, owner, options);

    /// <summary>q [T, Hq, D] over what the cache's owner has written in this step and before → [T, Hq · D].</summary>
    public Tensor Forward(ForwardBatch batch, in Tensor q) => Attend(batch, q);

    /// <summary>q [T, Hq, D], k and v [T, Hk, D] of the step's tokens → [T, Hq · D].</summary>
    public Tensor Forward(ForwardBatch batch, in Tensor q, in Tensor k, in Tensor v) =>
        Attend(batch, Ops.RotateAndStore(q, k, v, batch.RotaryPositions, default, interleaved: false, batch.Cache(_cache), batch.Slots, _operand));

    /// <summary>As <see cref="Forward(ForwardBatch, in Tensor, in Tensor, in Tensor)"/>, of q and k that <paramref name="rope"/> has yet to rotate.</summary>
    public Tensor Forward(ForwardBatch batch, in Tensor q, in Tensor k, in Tensor v, RotaryEmbedding rope) =>
        Attend(batch, rope.RotateAndStore(batch, q, k, v, batch.Cache(_cache), _operand));

    private Tensor Attend(ForwardBatch batch, in Tensor q)
    {
        var cache = batch.Cache(_cache);
        var output = Ops.Attention(Operand(q), cache, batch.Attention, _options, _sinks?.Value ?? default);
        return Output(output.View(q.Shape[0], q.Shape[1] * q.Shape[2]));
    }

    private Tensor Operand(in Tensor q) => q.DType == _operand ? q : Ops.Cast(q, _operand);
}
