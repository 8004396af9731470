using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Models.Layers;
using SglNative.Models.Operations;
using SglNative.Models.Weights;

namespace SglNative.Models.Architectures;

/// <summary>Reads what mixtures of experts have in common from a <c>config.json</c>.</summary>
internal static class MixtureOfExperts
{
    /// <summary>
    /// Softmax routing over the experts: <c>num_experts</c> (or <c>num_local_experts</c>), of which <c>num_experts_per_tok</c>, each
    /// <paramref name="expertSize"/> wide.
    /// </summary>
    /// <exception cref="SglException">A field is missing, of the wrong type or impossible.</exception>
    public static MoeConfig Read(JsonConfig c, int hiddenSize, int expertSize, bool renormalize)
    {
        var countKey = c.FirstOf("num_experts", "num_local_experts") ?? "num_experts";
        var experts = DecoderConfig.Positive(c, countKey);
        var topK = DecoderConfig.Positive(c, "num_experts_per_tok");
        if (experts > Ops.MaxExperts) throw c.Error(countKey, $"is {experts}, supported are at most {Ops.MaxExperts}");
        if (topK > Math.Min(experts, Ops.MaxExpertsPerToken))
            throw c.Error("num_experts_per_tok", $"is {topK}, expected at most {Math.Min(experts, Ops.MaxExpertsPerToken)} of {experts} experts");
        return new MoeConfig
        {
            HiddenSize = hiddenSize,
            Experts = experts,
            ExpertSize = expertSize,
            Routing = new RoutingOptions { TopK = topK, Renormalize = renormalize },
            Expert = new ExpertOptions { Activation = DecoderConfig.ActivationOf(c, "hidden_act", "silu") },
        };
    }

    /// <summary>
    /// Takes experts that are stacked as transformers 5 has them in memory, <c>experts.gate_up_proj</c> [E, 2·I, H] and
    /// <c>experts.down_proj</c> [E, H, I], apart.
    /// </summary>
    public static WeightMap WithStackedExperts(this WeightMap map, int expertSize) => map
        .Unstack("*.experts.gate_up_proj", "*.experts.{i}.gate_up_proj.weight")
        .Split("*.experts.*.gate_up_proj.weight", ("*.experts.*.gate_proj.weight", expertSize), ("*.experts.*.up_proj.weight", expertSize))
        .Unstack("*.experts.down_proj", "*.experts.{i}.down_proj.weight");

    /// <summary>Layers without experts in the Qwen families: those of <c>mlp_only_layers</c>, and all but every <c>decoder_sparse_step</c>-th.</summary>
    public static IReadOnlyCollection<int> DenseLayers(JsonConfig c, int layers)
    {
        var step = c.GetInt("decoder_sparse_step", 1);
        if (step < 1) throw c.Error("decoder_sparse_step", $"is {step}, expected at least 1");
        var dense = c.FindInts("mlp_only_layers") ?? [];
        return [.. Enumerable.Range(0, layers).Where(i => dense.Contains(i) || (i + 1) % step != 0)];
    }
}
