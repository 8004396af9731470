using SglNative.Core.Configuration;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Models.Architectures;

/// <summary>Qwen 1.5 and 2 MoE: Qwen 2's block, routed experts, and one that every token uses behind a gate.</summary>
[ModelArchitecture("Qwen2MoeForCausalLM", Models = "Qwen 1.5 MoE, Qwen 2 57B-A14B")]
public class Qwen2MoeForCausalLM : DecoderForCausalLM
{
    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public Qwen2MoeForCausalLM(JsonConfig config, ModuleScope root) : base(root, Read(config)) { }

    /// <inheritdoc/>
    public override WeightMap WeightMap => base.WeightMap.WithStackedExperts(Config.Moe!.ExpertSize);

    private static DecoderConfig Read(JsonConfig config)
    {
        config = config.WithDefaults("""{"num_key_value_heads": 16, "sliding_window": 4096}""");
        var decoder = DecoderConfig.From(config);
        var moe = MixtureOfExperts.Read(config, decoder.HiddenSize, DecoderConfig.Positive(config, "moe_intermediate_size"), config.GetBool("norm_topk_prob", false));
        decoder = decoder with
        {
            Attention = decoder.Attention with { QkvBias = config.GetBool("qkv_bias", true), OutputBias = false },
            Moe = moe with { SharedSize = DecoderConfig.Positive(config, "shared_expert_intermediate_size"), SharedGate = true },
            DenseLayers = MixtureOfExperts.DenseLayers(config, decoder.Layers),
        };
        var windowed = config.GetInt("max_window_layers", 28);
        return config.GetBool("use_sliding_window", false) ? decoder.WithWindows(config, layer => layer % 2 == 0 && layer < windowed) : decoder;
    }
}
