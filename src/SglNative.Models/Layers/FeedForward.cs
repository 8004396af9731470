using SglNative.Core.Tensors;
using SglNative.Models.Modules;

namespace SglNative.Models.Layers;

/// <summary>What follows attention in a layer, token by token: a dense MLP or a mixture of experts.</summary>
public abstract class FeedForward : Module
{
    /// <summary>Takes its place in the tree.</summary>
    protected FeedForward(ModuleScope scope) : base(scope) { }

    /// <summary>x [T, H] → [T, H].</summary>
    public abstract Tensor Forward(in Tensor x);
}
