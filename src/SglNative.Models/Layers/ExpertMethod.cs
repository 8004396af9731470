using SglNative.Core.Tensors;
using SglNative.Models.Operations;

namespace SglNative.Models.Layers;

/// <summary>What a model says of the routed experts of a layer; how they are stored and computed is the <see cref="ExpertMethod"/>'s.</summary>
/// <param name="Experts">E.</param>
/// <param name="HiddenSize">H, what goes in and comes out.</param>
/// <param name="ExpertSize">I, the width in between.</param>
/// <param name="Bias">Whether the projections add biases.</param>
public sealed record ExpertSpec(int Experts, int HiddenSize, int ExpertSize, bool Bias);

/// <summary>
/// How the experts of a layer store their weights, load them and multiply by them: <see cref="LinearMethod"/>'s counterpart. Canonical
/// checkpoint names are <c>experts.{e}.gate_proj</c>, <c>up_proj</c> and <c>down_proj</c>, each with <c>.weight</c> and maybe <c>.bias</c>.
/// </summary>
public abstract class ExpertMethod
{
    /// <summary>x [T, H] through each token's experts → [T · K, H], row t · K + j being token t's j-th, not yet weighted (but see the options).</summary>
    public abstract Tensor Apply(Ops ops, in Tensor x, in ExpertRouting routing, ExpertOptions options);
}
