using SglNative.Core.Tensors;
using SglNative.Models.Modules;

namespace SglNative.Models.Layers;

/// <summary>y = x·Wᵀ + b, of one or several fused projections.</summary>
public sealed class Linear : Module
{
    private readonly LinearMethod _method;
    private readonly bool _reduce;

    /// <summary>Declares the layer below <paramref name="parent"/>.</summary>
    public Linear(ModuleScope parent, LinearSpec spec) : base(parent[spec.Name])
    {
        _method = parent.Build.LinearMethods.Create(parent, spec);
        _reduce = spec is { Split: LinearSplit.Row, Reduce: true };
    }

    /// <summary>x [T, K] → [T, N] of <paramref name="dtype"/>: as it was accumulated, unless it is to be rounded here. K and N are this rank's.</summary>
    public Tensor Forward(in Tensor x, DType dtype = DType.Float32)
    {
        var output = _method.Apply(Ops, x, dtype);
        return Output(_reduce ? Ops.AllReduce(output) : output);
    }
}
