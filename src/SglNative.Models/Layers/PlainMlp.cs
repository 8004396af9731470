using SglNative.Core.Tensors;
using SglNative.Models.Modules;

namespace SglNative.Models.Layers;

/// <summary>down(f(up(x))): the MLP of the first transformers, without a gate.</summary>
public sealed class PlainMlp : FeedForward
{
    private readonly Linear _up;
    private readonly Linear _down;
    private readonly string _function;

    /// <summary>Declares <c>up_proj</c> and <c>down_proj</c>. <paramref name="function"/> is an expression of x; see <see cref="FunctionOf"/>.</summary>
    public PlainMlp(ModuleScope scope, int hiddenSize, int intermediateSize, string function, bool bias) : base(scope)
    {
        _up = new Linear(scope, LinearSpec.Column("up_proj", hiddenSize, intermediateSize, bias));
        _down = new Linear(scope, LinearSpec.Row("down_proj", intermediateSize, hiddenSize, bias));
        _function = function;
    }

    /// <summary>The expression of an activation by its name in <c>hidden_act</c>; null for one that is not known.</summary>
    public static string? FunctionOf(string activation) => activation switch
    {
        "relu" => "fmax(x, 0)",
        "relu2" => "x > 0 ? x * x : 0",
        "silu" or "swish" => "x * sigmoid(x)",
        "gelu" => "0.5 * x * (1 + erf(0.70710678 * x))",
        "gelu_pytorch_tanh" or "gelu_new" or "gelu_fast" => "0.5 * x * (1 + tanh(0.79788456 * (x + 0.044715 * x * x * x)))",
        _ => null,
    };

    /// <inheritdoc/>
    public override Tensor Forward(in Tensor x) => Output(_down.Forward(Ops.Map(_function, _up.Forward(x))));
}
