using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Layers;
using SglNative.Models.Modules;

namespace SglNative.Models.Architectures;

/// <summary>x += attention(norm(x)); x += mlp(norm(x)), each sum fused with the norm after it.</summary>
public sealed class DecoderLayer : Module
{
    private readonly RmsNorm _inputNorm;
    private readonly TokenMixer _attention;
    private readonly RmsNorm _postNorm;
    private readonly GatedMlp _mlp;

    /// <summary>Declares layer <paramref name="index"/>.</summary>
    public DecoderLayer(ModuleScope scope, DecoderConfig c, int index) : base(scope)
    {
        _inputNorm = new RmsNorm(scope["input_layernorm"], c.HiddenSize, c.NormEps);
        _attention = c.Mixer?.Invoke(scope, index)
            ?? new MultiHeadAttention(scope["self_attn"], c.Attention with { Window = c.Windows.Count > 0 ? c.Windows[index] : 0 });
        _postNorm = new RmsNorm(scope["post_attention_layernorm"], c.HiddenSize, c.NormEps);
        _mlp = new GatedMlp(scope["mlp"], c.HiddenSize, c.IntermediateSize, c.Activation, c.MlpBias);
    }

    /// <summary>Returns what is to be added to the residual next; <paramref name="residual"/> is null before the first layer.</summary>
    public Tensor Forward(ForwardBatch batch, in Tensor x, ref Tensor residual)
    {
        var attention = _attention.Forward(batch, _inputNorm.Forward(x, ref residual));
        var mlp = _mlp.Forward(_postNorm.Forward(attention, ref residual));
        if (IsObserved) Output(Ops.Add(mlp, residual));
        return mlp;
    }
}
