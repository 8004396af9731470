using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Layers;
using SglNative.Models.Modules;

namespace SglNative.Models.Architectures;

/// <summary>
/// Attention, then an MLP or a mixture of experts, each added to the residual, with norms before them, after them or both. A sum
/// is fused with the norm that follows it.
/// </summary>
public sealed class DecoderLayer : Module
{
    private readonly Norm? _attentionNorm;
    private readonly TokenMixer _attention;
    private readonly Norm? _attentionOutputNorm;
    private readonly Norm? _mlpNorm;
    private readonly FeedForward _mlp;
    private readonly Norm? _mlpOutputNorm;
    private readonly float _scale;
    private readonly DType _operand;

    /// <summary>Declares layer <paramref name="index"/>.</summary>
    public DecoderLayer(ModuleScope scope, DecoderConfig c, int index) : base(scope)
    {
        if (c.Finer) scope = scope.Finer();
        _attention = c.Mixer?.Invoke(scope, index)
            ?? new MultiHeadAttention(scope["self_attn"],
                c.Attention with { Window = c.Windows.Count > 0 ? c.Windows[index] : 0, Rope = c.Unrotated.Contains(index) ? null : c.Attention.Rope });
        if (c.NormPlacement != NormPlacement.After) _attentionNorm = Make("input_layernorm", _attention.InputDType);
        if (c.NormPlacement != NormPlacement.Before) _attentionOutputNorm = Make("post_attention_layernorm");
        if (c.NormPlacement != NormPlacement.After) _mlpNorm = Make(c.NormPlacement == NormPlacement.Around ? "pre_feedforward_layernorm" : "post_attention_layernorm");
        _mlp = c.Moe is not null && !c.DenseLayers.Contains(index)
            ? new FusedMoe(scope["mlp"], c.Moe)
            : c.PlainMlp is { } function ? new PlainMlp(scope["mlp"], c.HiddenSize, c.IntermediateSize, function, c.MlpBias)
            : new GatedMlp(scope["mlp"], c.HiddenSize, c.IntermediateSize, c.Activation, c.MlpBias);
        if (c.NormPlacement != NormPlacement.Before) _mlpOutputNorm = Make("post_feedforward_layernorm");
        (_scale, _operand) = (c.ResidualScale, scope.OperandDType);

        Norm Make(string name, DType? dtype = null) => Norm.Create(scope[name].In(dtype ?? scope.DType), c.Norm, c.HiddenSize, c.NormEps);
    }

    /// <summary>Returns what is to be added to the residual next; <paramref name="residual"/> is null before the first layer.</summary>
    public Tensor Forward(ForwardBatch batch, in Tensor x, ref Tensor residual)
    {
        var attention = _attention.Forward(batch, AddAndNorm(_attentionNorm, x, ref residual));
        if (_attentionOutputNorm is not null) attention = _attentionOutputNorm.Forward(attention, DType.Float32);
        var mlp = _mlp.Forward(AddAndNorm(_mlpNorm, Scaled(attention), ref residual));
        if (_mlpOutputNorm is not null) mlp = _mlpOutputNorm.Forward(mlp, DType.Float32);
        mlp = Scaled(mlp);
        if (IsObserved) Output(Ops.Add(mlp, residual));
        return mlp;
    }

    private Tensor Scaled(in Tensor x) => _scale == 1 ? x : Ops.Scale(x, _scale);

    private Tensor AddAndNorm(Norm? norm, in Tensor x, ref Tensor residual)
    {
        if (norm is not null) return norm.Forward(x, ref residual);
        // A new tensor: what the last layer left lives until this one ends.
        residual = residual.IsNull ? x : Ops.Add(x, residual);
        return residual.DType == _operand ? residual : Ops.Cast(residual, _operand);
    }
}
