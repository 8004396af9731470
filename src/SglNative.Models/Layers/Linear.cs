using SglNative.Core.Tensors;
using SglNative.Models.Modules;

namespace SglNative.Models.Layers;

/// <summary>y = x·Wᵀ + b, of one or several fused projections.</summary>
public sealed class Linear : Module
{
    private readonly LinearMethod _method;

    /// <summary>Declares the layer below <paramref name="parent"/>.</summary>
    public Linear(ModuleScope parent, LinearSpec spec) : base(parent[spec.Name]) =>
        _method = parent.Build.LinearMethods.Create(parent, spec);

    /// <summary>x [T, K] → [T, N] of <paramref name="dtype"/>: as it was accumulated, unless it is to be rounded here.</summary>
    public Tensor Forward(in Tensor x, DType dtype = DType.Float32) => Output(_method.Apply(Ops, x, dtype));
}
