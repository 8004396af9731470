namespace SglNative.Models.Operations;

/// <summary>The activation of a gated MLP: act(gate) · up.</summary>
public enum GatedActivation
{
    /// <summary>x · σ(x): SwiGLU, <c>hidden_act: silu</c>.</summary>
    Silu,
    /// <summary>Exact GELU by erf, <c>hidden_act: gelu</c>.</summary>
    Gelu,
    /// <summary>GELU by its tanh approximation, <c>hidden_act: gelu_pytorch_tanh</c> or <c>gelu_new</c>.</summary>
    GeluTanh,
    /// <summary>gpt-oss: x · σ(1.702 x) times up + 1.</summary>
    SwigluOss,
}
