using SglNative.Core.Tensors;
using SglNative.Models.Layers;
using SglNative.Models.Modules;

namespace SglNative.Samples;

/// <summary>down(relu(up(x))²) (So et al., 2021): a block composed of operations, with no kernel of its own.</summary>
public sealed class ReluSquaredMlp : Module
{
    private readonly Linear _up;
    private readonly Linear _down;

    /// <summary>Declares <c>up_proj</c> and <c>down_proj</c>.</summary>
    public ReluSquaredMlp(ModuleScope scope, int hiddenSize, int intermediateSize) : base(scope)
    {
        _up = new Linear(scope, LinearSpec.Column("up_proj", hiddenSize, intermediateSize));
        _down = new Linear(scope, LinearSpec.Row("down_proj", intermediateSize, hiddenSize));
    }

    /// <summary>x [T, H] → [T, H].</summary>
    public Tensor Forward(in Tensor x) => Output(_down.Forward(Ops.Map("x > 0 ? x * x : 0", _up.Forward(x))));
}
