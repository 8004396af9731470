using SglNative.Core.Tensors;
using SglNative.Models.Modules;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>Root-mean-square normalisation with a learned weight (Zhang and Sennrich, 2019).</summary>
public sealed class RmsNorm : Norm
{
    private readonly Parameter _weight;
    private readonly float _eps;
    private readonly float _offset;
    private readonly DType _operand;

    /// <summary>A norm over <paramref name="size"/> values; <paramref name="weightOffset"/> 1 multiplies by 1 + weight (Gemma).</summary>
    public RmsNorm(ModuleScope scope, int size, float eps, float weightOffset = 0) : base(scope)
    {
        _weight = scope.Parameter("weight", new Shape(size), weightOffset == 0 ? ParameterInit.Ones : ParameterInit.Zeros);
        (_eps, _offset, _operand) = (eps, weightOffset, scope.OperandDType);
    }

    /// <inheritdoc/>
    public override Tensor Forward(in Tensor x, DType? dtype = null) => Output(Ops.RmsNorm(x, _weight.Value, _eps, _offset, dtype ?? _operand));

    /// <inheritdoc/>
    public override Tensor Forward(in Tensor x, ref Tensor residual)
    {
        if (!residual.IsNull) return Output(Ops.AddRmsNorm(x, residual, _weight.Value, _eps, _offset, _operand));
        residual = x;
        return Forward(x);
    }

    /// <summary>Normalises x in place: each head of [T, heads, D], or each row of [T, N].</summary>
    public void ForwardInPlace(in Tensor x)
    {
        Ops.RmsNormInPlace(x, _weight.Value, _eps, _offset);
        Output(x);
    }
}
