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
        var (_, columns) = spec.Split == LinearSplit.Row ? build.Parallel.Shard(spec.InputSize, $"{scope.Path} input size") : (0, spec.InputSize);

        var weights = new List<WeightPart>();
        var biases = new List<WeightPart>();
        var rows = 0L;
        foreach (var part in spec.Parts)
        {
            var name = parent.Join(part.Name);
            var shape = new Shape(part.OutputSize, spec.InputSize);
            var (axis, start, length) = Share(build, spec, part, name);
            weights.Add(new WeightPart($"{name}.weight", shape, rows * columns, axis, start, length));
            var partRows = axis == 0 ? length : part.OutputSize;
            // The bias of a row-split layer is added once, after the sum over ranks: rank 0 holds it.
            biases.Add(axis == 0
                ? new WeightPart($"{name}.bias", new Shape(part.OutputSize), rows, 0, start, length)
                : new WeightPart($"{name}.bias", new Shape(part.OutputSize), rows));
            rows += partRows;
        }
        _weight = scope.Parameter("weight", new Shape(rows, columns), dtype, ParameterInit.Normal, weights);
        if (spec.Bias && (spec.Split != LinearSplit.Row || build.Parallel.Rank == 0))
            _bias = scope.Parameter("bias", new Shape(rows), DType.Float32, ParameterInit.Zeros, biases);
    }

    /// <summary>Makes these methods.</summary>
    public static ILinearMethodFactory Factory { get; } = new MethodFactory();

    /// <inheritdoc/>
    public override Tensor Apply(Ops ops, in Tensor x, DType dtype) => 
        _twoTerms && x.DType == DType.Float32 && dtype == DType.Float32
            ? ops.LinearOfTwoTerms(x, _weight.Value)
            : ops.Linear(x, _weight.Value, _bias?.Value ?? default, dtype);

    private static (int Axis, long Start, long Length) Share(ModelBuild build, LinearSpec spec, LinearPart part, string name)
    {
        if (build.Parallel.Size == 1 || spec.Split == LinearSplit.Replicated) return (-1, 0, 0);
        var axis = spec.Split == LinearSplit.Column ? 0 : 1;
        var (start, length) = build.Parallel.Shard(axis == 0 ? part.OutputSize : spec.InputSize, $"{name} {(axis == 0 ? "output" : "input")} size");
        return (axis, start, length);
    }

    private sealed class MethodFactory : ILinearMethodFactory
    {
        public LinearMethod Create(ModuleScope parent, LinearSpec spec) => new UnquantizedLinearMethod(parent, spec);
    }
}
