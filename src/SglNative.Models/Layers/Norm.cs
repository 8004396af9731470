using SglNative.Core.Tensors;
using SglNative.Models.Modules;

namespace SglNative.Models.Layers;

/// <summary>The normalisations of decoders.</summary>
public enum NormKind
{
    /// <summary>Root mean square, times a weight.</summary>
    Rms,
    /// <summary>Root mean square, times 1 + weight (Gemma).</summary>
    RmsPlusOne,
    /// <summary>Mean and variance, times a weight, plus a bias.</summary>
    Layer,
    /// <summary>Mean and variance, times a weight.</summary>
    LayerWithoutBias,
    /// <summary>Mean and variance, nothing learned (OLMo).</summary>
    LayerWithoutWeight,
}

/// <summary>A normalisation of hidden states.</summary>
public abstract class Norm : Module
{
    /// <summary>Takes its place in the tree.</summary>
    protected Norm(ModuleScope scope) : base(scope) { }

    /// <summary>The norm of that kind over <paramref name="size"/> values.</summary>
    public static Norm Create(ModuleScope scope, NormKind kind, int size, float eps) => kind switch
    {
        NormKind.Rms => new RmsNorm(scope, size, eps),
        NormKind.RmsPlusOne => new RmsNorm(scope, size, eps, weightOffset: 1),
        NormKind.Layer => new LayerNorm(scope, size, eps),
        NormKind.LayerWithoutBias => new LayerNorm(scope, size, eps, bias: false),
        NormKind.LayerWithoutWeight => new LayerNorm(scope, size, eps, weight: false, bias: false),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a norm"),
    };

    /// <summary>norm(x), x [T, H] → new tensor of <paramref name="dtype"/>; where null, ready for a matrix multiplication.</summary>
    public abstract Tensor Forward(in Tensor x, DType? dtype = null);

    /// <summary>residual += x, then norm(residual), ready for a matrix multiplication. While residual is null, x becomes it.</summary>
    public abstract Tensor Forward(in Tensor x, ref Tensor residual);
}
