using SglNative.Core.Configuration;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Operations;
using SglNative.Models.Registry;

namespace SglNative.Models.Architectures;

/// <summary>DeepSeek V2 and V2-Lite.</summary>
[ModelArchitecture("DeepseekV2ForCausalLM", Models = "DeepSeek V2, V2-Lite, Coder V2")]
public class DeepseekV2ForCausalLM : DeepseekForCausalLM
{
    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public DeepseekV2ForCausalLM(JsonConfig config, ModuleScope root) : this(root, config.WithDefaults("""{"n_shared_experts": 2, "q_lora_rank": 1536}""")) { }

    private DeepseekV2ForCausalLM(ModuleScope root, JsonConfig config) : base(config, root, Attention(config), Experts(config, Routing(config))) { }

    private static new LatentAttentionConfig Attention(JsonConfig c)
    {
        var attention = DeepseekForCausalLM.Attention(c);
        // The authors' code, which published checkpoints name in auto_map, raises the scores as V3 does; transformers' own class does not.
        return c.FindObject("auto_map") is null ? attention : attention with { Scale = attention.Scale * YarnScale(attention.Rope) };
    }

    private static RoutingOptions Routing(JsonConfig c)
    {
        var options = new RoutingOptions { TopK = DecoderConfig.Positive(c, "num_experts_per_tok"), Scale = (float)c.GetFloat("routed_scaling_factor", 1) };
        return c.GetString("topk_method", "greedy") switch
        {
            "greedy" => options,
            "group_limited_greedy" => options with { Groups = DecoderConfig.Positive(c, "n_group"), TopGroups = DecoderConfig.Positive(c, "topk_group") },
            var other => throw c.Error("topk_method", $"is '{other}', expected greedy or group_limited_greedy"),
        };
    }
}
