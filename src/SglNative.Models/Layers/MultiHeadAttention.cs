using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Modules;
using SglNative.Models.Operations;

namespace SglNative.Models.Layers;

/// <summary>Projections, optional norms of q and k, rotation, attention over the cache, output projection.</summary>
public sealed class MultiHeadAttention : TokenMixer
{
    private readonly Linear _qkv;
    private readonly Linear _output;
    private readonly RmsNorm? _qNorm;
    private readonly RmsNorm? _kNorm;
    private readonly RotaryEmbedding? _rope;
    private readonly RadixAttention _attention;
    private readonly int _heads;
    private readonly int _kvHeads;
    private readonly int _headDim;

    /// <summary>Declares <c>q_proj</c>, <c>k_proj</c>, <c>v_proj</c>, <c>o_proj</c> and, with qk-norm, <c>q_norm</c> and <c>k_norm</c>.</summary>
    public MultiHeadAttention(ModuleScope scope, AttentionConfig c) : base(scope)
    {
        var ranks = scope.Build.Parallel;
        _heads = (int)ranks.Shard(c.Heads, "num_attention_heads").Length;
        _kvHeads = (int)ranks.Shard(c.KvHeads, "num_key_value_heads").Length;
        _headDim = c.HeadDim;
        _qkv = new Linear(scope, LinearSpec.Fused("qkv_proj", c.HiddenSize, c.QkvBias,
            new LinearPart("q_proj", c.Heads * c.HeadDim), new LinearPart("k_proj", c.KvHeads * c.HeadDim), new LinearPart("v_proj", c.KvHeads * c.HeadDim)));
        _output = new Linear(scope, LinearSpec.Row("o_proj", c.Heads * c.HeadDim, c.HiddenSize, c.OutputBias));
        if (c.QkNorm)
        {
            _qNorm = new RmsNorm(scope["q_norm"], c.HeadDim, c.NormEps);
            _kNorm = new RmsNorm(scope["k_norm"], c.HeadDim, c.NormEps);
        }
        if (c.Rope is not null) _rope = RotaryEmbedding.Create(scope, c.Rope, c.HeadDim);
        _attention = new RadixAttention(scope["attn"], _kvHeads, c.HeadDim,
            new AttentionOptions { Scale = 1 / MathF.Sqrt(c.HeadDim), Window = c.Window });
    }

    /// <inheritdoc/>
    public override Tensor Forward(ForwardBatch batch, in Tensor x)
    {
        var qkv = _qkv.Forward(x);
        var q = Heads(qkv, 0, _heads);
        var k = Heads(qkv, _heads, _kvHeads);
        var v = Heads(qkv, _heads + _kvHeads, _kvHeads);
        _qNorm?.ForwardInPlace(q);
        _kNorm?.ForwardInPlace(k);
        _rope?.Forward(batch, q, k);
        return Output(_output.Forward(_attention.Forward(batch, q, k, v)));
    }

    private Tensor Heads(in Tensor qkv, int first, int count) =>
        qkv.Slice(1, (long)first * _headDim, (long)count * _headDim).View(qkv.Shape[0], count, _headDim);
}
