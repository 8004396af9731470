using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Operations;

namespace SglNative.Samples;

/// <summary>Attention with queries of its own over the keys and values of an earlier layer.</summary>
public sealed class CrossLayerAttention : TokenMixer
{
    private readonly Linear _query;
    private readonly Linear _output;
    private readonly RotaryEmbedding _rope;
    private readonly RadixAttention _attention;
    private readonly int _headDim;

    /// <summary>Declares <c>q_proj</c> and <c>o_proj</c>, and a cache that is <paramref name="owner"/>'s.</summary>
    public CrossLayerAttention(ModuleScope scope, AttentionConfig c, MultiHeadAttention owner) : base(scope)
    {
        _headDim = c.HeadDim;
        _query = new Linear(scope, LinearSpec.Column("q_proj", c.HiddenSize, c.Heads * c.HeadDim, c.QkvBias));
        _output = new Linear(scope, LinearSpec.Row("o_proj", c.Heads * c.HeadDim, c.HiddenSize, c.OutputBias));
        _rope = RotaryEmbedding.Create(scope, c.Rope!, c.HeadDim);
        _attention = RadixAttention.Sharing(scope["attn"], owner.Attention, new AttentionOptions { Scale = 1 / MathF.Sqrt(c.HeadDim) });
    }

    /// <inheritdoc/>
    public override Tensor Forward(ForwardBatch batch, in Tensor x)
    {
        var q = _query.Forward(x);
        q = q.View(x.Shape[0], q.Shape[1] / _headDim, _headDim);
        _rope.Forward(batch, q);
        return Output(_output.Forward(_attention.Forward(batch, q)));
    }
}
