using SglNative.Core.Tensors;
using SglNative.Models.Modules;
using SglNative.Models.Operations;

namespace SglNative.Models.Layers;

/// <summary>down(act(gate(x)) · up(x)), gate and up fused.</summary>
public sealed class GatedMlp : FeedForward
{
    private readonly Linear _gateUp;
    private readonly Linear _down;
    private readonly GatedActivation _activation;
    private readonly DType _operand;

    /// <summary>
    /// Declares <c>gate_proj</c>, <c>up_proj</c> and <c>down_proj</c>. Without <paramref name="reduce"/> the caller sums over the ranks; see
    /// <see cref="LinearSpec.Reduce"/>.
    /// </summary>
    public GatedMlp(ModuleScope scope, int hiddenSize, int intermediateSize, GatedActivation activation, bool bias, bool reduce = true) : base(scope)
    {
        _gateUp = new Linear(scope, LinearSpec.Fused("gate_up_proj", hiddenSize, bias,
            new LinearPart("gate_proj", intermediateSize), new LinearPart("up_proj", intermediateSize)));
        _down = new Linear(scope, LinearSpec.Row("down_proj", intermediateSize, hiddenSize, bias) with { Reduce = reduce });
        (_activation, _operand) = (activation, scope.OperandDType);
    }

    /// <inheritdoc/>
    public override Tensor Forward(in Tensor x) => Output(_down.Forward(Ops.ActAndMul(_gateUp.Forward(x), _activation, _operand)));
}
