using SglNative.Core.Tensors;
using SglNative.Models.Modules;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>Root-mean-square normalisation over all heads of a token together (OLMo 2), of which each rank holds some.</summary>
public sealed class SplitRmsNorm : Module
{
    private readonly Parameter _weight;
    private readonly float _eps;
    private readonly float _offset;
    private readonly long _width;
    private readonly bool _split;

    /// <summary>
    /// A norm over <paramref name="heads"/> · <paramref name="headDim"/> values; <paramref name="weightOffset"/> is added to its weights.
    /// </summary>
    public SplitRmsNorm(ModuleScope scope, int heads, int headDim, float eps, float weightOffset = 0) : base(scope)
    {
        var build = scope.Build;
        var (start, length) = build.Parallel.ShardOrCopy(heads, $"{scope.Path} heads");
        // What several ranks hold is in the sum as often.
        _width = length * build.Parallel.Size * headDim;
        _weight = scope.Parameter("weight", new Shape(length * headDim), build.Backend.WeightDType(build.DType), weightOffset == 0 ? ParameterInit.Ones : ParameterInit.Zeros,
            [WeightPart.Rows(scope.Join("weight"), new Shape(heads * headDim), 0, start * headDim, length * headDim)]);
        (_eps, _offset, _split) = (eps, weightOffset, build.Parallel.Size > 1);
    }

    /// <summary>Normalises x [T, this rank's heads · head dim] in place.</summary>
    public void ForwardInPlace(in Tensor x)
    {
        if (_split) Ops.RmsNormInPlace(x, _weight.Value, Ops.AllReduce(Ops.RowSquares(x)), _width, _eps, _offset);
        else Ops.RmsNormInPlace(x, _weight.Value, _eps, _offset);
        Output(x);
    }
}
