using SglNative.Core.Tensors;
using SglNative.Models.Modules;
using SglNative.Models.Operations;

namespace SglNative.Models.Layers;

/// <summary>How a linear layer stores its weight, loads it and multiplies by it. A quantisation is one of these; no model knows which.</summary>
public abstract class LinearMethod
{
    /// <summary>x [T, K] → [T, N] of <paramref name="dtype"/>.</summary>
    public abstract Tensor Apply(Ops ops, in Tensor x, DType dtype);
}

/// <summary>Chooses the method of each linear layer when a model is built; called with the scope that holds the layer.</summary>
public interface ILinearMethodFactory
{
    /// <summary>Declares the layer's parameters below <paramref name="parent"/> and returns how it is computed.</summary>
    LinearMethod Create(ModuleScope parent, LinearSpec spec);

    /// <summary>Declares the parameters of a layer's routed experts below <paramref name="scope"/> and returns how they are computed.</summary>
    ExpertMethod CreateExperts(ModuleScope scope, ExpertSpec spec) => new UnquantizedExpertMethod(scope, spec);
}
