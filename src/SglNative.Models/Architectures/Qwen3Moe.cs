using SglNative.Core.Configuration;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Models.Architectures;

/// <summary>Qwen 3 MoE (30B-A3B, 235B-A22B, Coder): Qwen 3's block with experts for an MLP.</summary>
[ModelArchitecture("Qwen3MoeForCausalLM", Models = "Qwen 3 30B-A3B, 235B-A22B, Coder")]
public class Qwen3MoeForCausalLM : DecoderForCausalLM
{
    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public Qwen3MoeForCausalLM(JsonConfig config, ModuleScope root) : base(root, Read(config)) { }

    /// <inheritdoc/>
    public override WeightMap WeightMap => base.WeightMap.WithStackedExperts(Config.Moe!.ExpertSize);

    private static DecoderConfig Read(JsonConfig config)
    {
        config = config.WithDefaults("""{"num_key_value_heads": 4, "sliding_window": 4096}""");
        var decoder = DecoderConfig.From(config);
        decoder = decoder with
        {
            Attention = decoder.Attention with { QkNorm = true },
            Moe = MixtureOfExperts.Read(config, decoder.HiddenSize, DecoderConfig.Positive(config, "moe_intermediate_size"), config.GetBool("norm_topk_prob", false)),
            DenseLayers = MixtureOfExperts.DenseLayers(config, decoder.Layers),
        };
        return config.GetBool("use_sliding_window", false) ? decoder.WithWindows(config, _ => true) : decoder;
    }
}
