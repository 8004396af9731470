using SglNative.Core.Tensors;
using SglNative.Models.Modules;
using SglNative.Models.Operations;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>A dense weight in the model's own type.</summary>
public sealed class UnquantizedLinearMethod : LinearMethod
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private readonly bool _twoTerms;

    private UnquantizedLinearMethod(ModuleScope parent, LinearSpec spec)
    {
        var build = parent.Build;
        var dtype = parent.WeightDType;
        var scope = parent[spec.Name];
        if (spec is { Exact: true, Bias: true }) throw new ArgumentException($"{scope.Path} is exact and adds a bias: no such layer is known", nameof(spec));
        _twoTerms = spec.Exact && parent.OperandDType != DType.Float32;
        var (firstColumn, columns) = spec.ColumnsOf(build.Parallel, scope.Path);

        var weights = new List<WeightPart>();
        var biases = new List<WeightPart>();
        var row = 0L;
        foreach (var part in spec.Parts)
        {
            var name = parent.Join(part.Name);
            var (start, rows, filled) = spec.RowsOf(part, build.Parallel, name);
            var (weight, bias) = (new Shape(part.OutputSize, spec.InputSize), new Shape(part.OutputSize));
            weights.Add(columns < spec.InputSize
                ? new WeightPart($"{name}.weight", weight, row * columns, 1, firstColumn, columns)
                : WeightPart.Rows($"{name}.weight", weight, row * columns, start, filled));
            biases.Add(WeightPart.Rows($"{name}.bias", bias, row, start, filled));
            row += rows;
        }
        _weight = scope.Parameter("weight", new Shape(row, columns), dtype, ParameterInit.Normal, weights);
        // The bias of a row-split layer is added once, before the sum over ranks: rank 0 holds it.
        if (spec.Bias && (spec.Split != LinearSplit.Row || build.Parallel.Rank == 0))
            _bias = scope.Parameter("bias", new Shape(row), DType.Float32, ParameterInit.Zeros, biases);
    }

    /// <summary>Makes these methods.</summary>
    public static ILinearMethodFactory Factory { get; } = new MethodFactory();

    /// <inheritdoc/>
    public override Tensor Apply(Ops ops, in Tensor x, DType dtype) =>
        _twoTerms && x.DType == DType.Float32 && dtype == DType.Float32
            ? ops.LinearOfTwoTerms(x, _weight.Value)
            : ops.Linear(x, _weight.Value, _bias?.Value ?? default, dtype);

    private sealed class MethodFactory : ILinearMethodFactory
    {
        public LinearMethod Create(ModuleScope parent, LinearSpec spec) => new UnquantizedLinearMethod(parent, spec);
    }
}
