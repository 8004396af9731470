using SglNative.Core.Tensors;

namespace SglNative.Models.Operations;

public abstract partial class Ops
{
    /// <summary>The most experts of a layer that <see cref="RouteExperts"/> chooses among.</summary>
    public const int MaxExperts = 1024;

    /// <summary>The most experts of a token.</summary>
    public const int MaxExpertsPerToken = 32;

    /// <summary>
    /// Chooses K experts for each row of float32 <paramref name="logits"/> [T, E] and sorts the pairs by expert. The choice goes by
    /// score + <paramref name="correction"/> (float32 [E], or null), within the best groups where there are groups; equals go to
    /// the smaller index. The weights are the scores alone, renormalised and scaled as the options say.
    /// </summary>
    public ExpertRouting RouteExperts(in Tensor logits, in Tensor correction, RoutingOptions options)
    {
        logits.Expect(nameof(logits), -1, -1);
        if (logits.DType != DType.Float32) throw new ArgumentException($"logits are {logits}, expected float32", nameof(logits));
        if (!correction.IsNull) correction.Expect(nameof(correction), logits.Shape[1]);
        options.Check(logits.Shape[1]);
        if (logits.Shape[1] > MaxExperts || options.TopK > MaxExpertsPerToken)
            throw new ArgumentException($"{options.TopK} of {logits.Shape[1]} experts, supported are {MaxExpertsPerToken} of {MaxExperts}", nameof(options));
        var (tokens, experts) = (logits.Shape[0], logits.Shape[1]);
        var routing = new ExpertRouting(
            Empty(DType.Int32, tokens, options.TopK), Empty(DType.Float32, tokens, options.TopK),
            Empty(DType.Int32, tokens * options.TopK), Empty(DType.Int32, experts + 1));
        RouteExpertsInto(logits, correction, options, routing);
        return routing;
    }

    /// <summary>
    /// The first half of each token's experts: act(gate) · up, where gate and up are the upper and lower half of
    /// x [T, H] · weight[e]ᵀ + bias[e]. <paramref name="weight"/> [E, 2·I, H], <paramref name="bias"/> float32 [E, 2·I] or null →
    /// [T · K, I] of x's type, ready for <see cref="ExpertDown"/>, rows in the order of <see cref="ExpertRouting.Pairs"/>.
    /// </summary>
    public Tensor ExpertGateUp(in Tensor x, in Tensor weight, in Tensor bias, in ExpertRouting routing, ExpertOptions options)
    {
        x.Expect(nameof(x), routing.Tokens, -1);
        weight.Expect(nameof(weight), routing.ExpertCount, -1, x.Shape[1]);
        if (weight.Shape[1] % 2 != 0) throw new ArgumentException($"weight has shape {weight.Shape}, expected [E, 2·I, H]", nameof(weight));
        ExpectExpertBias(bias, weight);
        var output = Empty(x.DType, routing.Pairs.Count, weight.Shape[1] / 2);
        if (output.Count > 0) ExpertGateUpInto(x, weight, bias, routing, options, output);
        return output;
    }

    /// <summary>
    /// The second half: x [T · K, I], rows in the order of <see cref="ExpertRouting.Pairs"/>, · weight[e]ᵀ + bias[e], with
    /// <paramref name="weight"/> [E, H, I] and <paramref name="bias"/> float32 [E, H] or null → float32 [T · K, H], rows in the order of
    /// tokens: row t · K + j is token t's j-th expert.
    /// </summary>
    public Tensor ExpertDown(in Tensor x, in Tensor weight, in Tensor bias, in ExpertRouting routing)
    {
        x.Expect(nameof(x), routing.Pairs.Count, -1);
        weight.Expect(nameof(weight), routing.ExpertCount, -1, x.Shape[1]);
        ExpectExpertBias(bias, weight);
        var output = Empty(DType.Float32, x.Shape[0], weight.Shape[1]);
        if (output.Count > 0) ExpertDownInto(x, weight, bias, routing, output);
        return output;
    }

    /// <summary>
    /// Σ_j weight[t, j] · x[t · K + j] of x [T · K, H] → [T, H], summed in float32 in the order of j; plain sums when not
    /// <paramref name="weighted"/> (the weights were applied on the way in).
    /// </summary>
    public Tensor CombineExperts(in Tensor x, in ExpertRouting routing, bool weighted = true)
    {
        x.Expect(nameof(x), routing.Pairs.Count, -1);
        var output = Empty(x.DType, routing.Tokens, x.Shape[1]);
        if (output.Count > 0) CombineExpertsInto(x, routing, weighted, output);
        return output;
    }

    private static void ExpectExpertBias(in Tensor bias, in Tensor weight)
    {
        if (bias.IsNull) return;
        bias.Expect(nameof(bias), weight.Shape[0], weight.Shape[1]);
        if (bias.DType != DType.Float32 || !bias.IsContiguous) throw new ArgumentException($"bias is {bias}, expected contiguous float32", nameof(bias));
    }

    /// <summary>Implements <see cref="RouteExperts"/>; with no tokens the starts are still to be written.</summary>
    protected abstract void RouteExpertsInto(in Tensor logits, in Tensor correction, RoutingOptions options, in ExpertRouting routing);

    /// <summary>Implements the public method of that name.</summary>
    protected abstract void ExpertGateUpInto(in Tensor x, in Tensor weight, in Tensor bias, in ExpertRouting routing, ExpertOptions options, in Tensor output);

    /// <summary>Implements the public method of that name.</summary>
    protected abstract void ExpertDownInto(in Tensor x, in Tensor weight, in Tensor bias, in ExpertRouting routing, in Tensor output);

    /// <summary>Implements the public method of that name.</summary>
    protected abstract void CombineExpertsInto(in Tensor x, in ExpertRouting routing, bool weighted, in Tensor output);
}
