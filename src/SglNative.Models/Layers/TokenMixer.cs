using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Modules;

namespace SglNative.Models.Layers;

/// <summary>What lets the tokens of a sequence see those before them: attention of some kind, a recurrence, a convolution.</summary>
public abstract class TokenMixer : Module
{
    /// <summary>Takes its place in the tree.</summary>
    protected TokenMixer(ModuleScope scope) : base(scope) => InputDType = scope.DType;

    /// <summary>The compute type in which it wants its input: that of its own modules, or float32 where it rounds the input itself.</summary>
    public DType InputDType { get; protected init; }

    /// <summary>x [T, H] → [T, H]; reads and writes the layer's caches.</summary>
    public abstract Tensor Forward(ForwardBatch batch, in Tensor x);
}
