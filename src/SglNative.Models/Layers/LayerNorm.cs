using SglNative.Core.Tensors;
using SglNative.Models.Modules;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>Normalisation by mean and variance (Ba et al., 2016), with a learned weight and bias or without.</summary>
public sealed class LayerNorm : Norm
{
    private readonly Parameter? _weight;
    private readonly Parameter? _bias;
    private readonly float _eps;
    private readonly DType _operand;

    /// <summary>A norm over <paramref name="size"/> values.</summary>
    public LayerNorm(ModuleScope scope, int size, float eps, bool weight = true, bool bias = true) : base(scope)
    {
        if (weight) _weight = scope.Parameter("weight", new Shape(size), ParameterInit.Ones);
        if (bias) _bias = scope.Parameter("bias", new Shape(size), ParameterInit.Zeros);
        (_eps, _operand) = (eps, scope.OperandDType);
    }

    /// <inheritdoc/>
    public override Tensor Forward(in Tensor x, DType? dtype = null) =>
        Output(Ops.LayerNorm(x, _weight?.Value ?? default, _bias?.Value ?? default, _eps, dtype ?? _operand));

    /// <inheritdoc/>
    public override Tensor Forward(in Tensor x, ref Tensor residual)
    {
        residual = residual.IsNull ? x : Ops.Add(x, residual);
        return Forward(residual);
    }
}
