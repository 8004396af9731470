using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Models.Operations;

namespace SglNative.Models.Architectures.Generic;

/// <summary>The mixture of experts of a generic decoder, where its tensors say that there is one.</summary>
internal static class GenericExperts
{
    private static readonly string[] Modules = ["mlp.", "block_sparse_moe."];

    /// <summary><paramref name="decoder"/> with its experts, or as it is.</summary>
    public static DecoderConfig Read(JsonConfig c, IReadOnlyDictionary<string, Shape> tensors, DecoderConfig decoder)
    {
        var sparse = Enumerable.Range(0, decoder.Layers).Where(i => Router(i) is not null).ToArray();
        if (sparse.Length == 0) return decoder;
        var prefix = Router(sparse[0])!;
        // Mixtral's names come with Mixtral's rule: the chosen experts' weights sum to 1.
        var mixtral = prefix.EndsWith(".block_sparse_moe.", StringComparison.Ordinal);
        var renormalize = c.FindBool("norm_topk_prob") ?? (mixtral ? true : throw GenericDecoder.Missing(c, "norm_topk_prob", "the experts' weights"));
        var size = Shape("experts.0.gate_proj.weight") ?? Shape("experts.0.w1.weight");
        var width = size?[0] ?? Shape("experts.gate_up_proj")?[1] / 2 ?? throw GenericDecoder.Unlike(c, $"{prefix}experts.0.gate_proj.weight");
        var moe = MixtureOfExperts.Read(c, decoder.HiddenSize, (int)width, renormalize);
        var sharedName = Shape("shared_experts.gate_proj.weight") is not null ? "shared_experts" : "shared_expert";
        var corrected = Shape("gate.e_score_correction_bias") is not null;
        return decoder with
        {
            Moe = moe with
            {
                Routing = moe.Routing with
                {
                    Scoring = Scoring(c, corrected),
                    Scale = (float)DecoderConfig.PositiveNumber(c, "routed_scaling_factor", 1),
                    Groups = c.GetInt("n_group", 1),
                    TopGroups = c.GetInt("topk_group", 1),
                    GroupScoreCount = corrected ? 2 : 1,
                },
                RouterBias = Shape("gate.bias") is not null,
                CorrectionBias = corrected,
                SharedName = sharedName,
                SharedSize = (int)(Shape($"{sharedName}.gate_proj.weight")?[0] ?? 0),
                SharedGate = Shape($"{sharedName}_gate.weight") is not null,
            },
            DenseLayers = [.. Enumerable.Range(0, decoder.Layers).Except(sparse)],
        };

        string? Router(int layer) => Modules
            .Select(module => $"model.layers.{layer}.{module}").FirstOrDefault(module => tensors.ContainsKey($"{module}gate.weight"));

        Shape? Shape(string name) => tensors.TryGetValue(prefix + name, out var shape) ? shape : null;
    }

    private static ExpertScoring Scoring(JsonConfig c, bool corrected) => c.FindString("scoring_func") switch
    {
        "sigmoid" => ExpertScoring.Sigmoid,
        "softmax" => ExpertScoring.Softmax,
        null when !corrected => ExpertScoring.Softmax,
        null => throw GenericDecoder.Missing(c, "scoring_func", "how the router scores experts"),
        var other => throw c.Error("scoring_func", $"is '{other}', expected softmax or sigmoid"),
    };
}
