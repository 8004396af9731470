using SglNative.Core.Configuration;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Operations;
using SglNative.Models.Registry;

namespace SglNative.Models.Architectures;

/// <summary>DeepSeek V3, V3.1 and R1: a sigmoid router whose choice is corrected by a bias, and weights in blocks of FP8 as published.</summary>
[ModelArchitecture("DeepseekV3ForCausalLM", Models = "DeepSeek V3, V3.1, R1", Formats = "FP8 in blocks of 128 × 128 (loaded as bfloat16)")]
public class DeepseekV3ForCausalLM : DeepseekForCausalLM
{
    private const string Defaults = """
        {
          "n_shared_experts": 1, "q_lora_rank": 1536, "first_k_dense_replace": 3, "n_group": 8, "topk_group": 4, "num_experts_per_tok": 8,
          "norm_topk_prob": true, "routed_scaling_factor": 2.5
        }
        """;

    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public DeepseekV3ForCausalLM(JsonConfig config, ModuleScope root) : this(root, config.WithDefaults(Defaults)) { }

    private DeepseekV3ForCausalLM(ModuleScope root, JsonConfig config)
        : base(config, root, Attention(config), Experts(config, Routing(config)) with { CorrectionBias = true }) { }

    private static new LatentAttentionConfig Attention(JsonConfig c)
    {
        var attention = DeepseekForCausalLM.Attention(c);
        return attention with { Scale = attention.Scale * YarnScale(attention.Rope), Interleaved = c.GetBool("rope_interleave", true) };
    }

    private static RoutingOptions Routing(JsonConfig c)
    {
        if (c.GetString("scoring_func", "sigmoid") is not "sigmoid" and var scoring) throw c.Error("scoring_func", $"is '{scoring}', expected sigmoid");
        return new RoutingOptions
        {
            TopK = DecoderConfig.Positive(c, "num_experts_per_tok"),
            Scoring = ExpertScoring.Sigmoid,
            Renormalize = c.GetBool("norm_topk_prob", true),
            Scale = (float)c.GetFloat("routed_scaling_factor", 2.5),
            Groups = Math.Max(1, c.GetInt("n_group", 1)),
            TopGroups = c.GetInt("topk_group", 1),
            GroupScoreCount = 2,
        };
    }
}
