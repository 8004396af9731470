using SglNative.Core.Tensors;

namespace SglNative.Models.Operations;

/// <summary>
/// Which experts the tokens of a step use. Pair p = t · K + j is token t's j-th expert, best first. Pairs are also listed by
/// expert, within an expert in their own order, so that a sum over a token's experts has one order whatever else is in the batch.
/// </summary>
/// <param name="Experts">int32 [T, K]: expert of each pair.</param>
/// <param name="Weights">float32 [T, K]: weight of each pair.</param>
/// <param name="Pairs">int32 [T · K]: pairs in the order of their experts.</param>
/// <param name="Starts">int32 [E + 1]: where each expert's pairs begin in <paramref name="Pairs"/>, and T · K.</param>
public readonly record struct ExpertRouting(Tensor Experts, Tensor Weights, Tensor Pairs, Tensor Starts)
{
    /// <summary>T.</summary>
    public int Tokens => (int)Experts.Shape[0];

    /// <summary>K.</summary>
    public int TopK => (int)Experts.Shape[1];

    /// <summary>E.</summary>
    public int ExpertCount => (int)Starts.Shape[0] - 1;
}
