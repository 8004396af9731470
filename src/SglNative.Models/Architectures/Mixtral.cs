using SglNative.Core.Configuration;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Models.Architectures;

/// <summary>Mixtral 8x7B and 8x22B: Mistral's block with experts for an MLP.</summary>
[ModelArchitecture("MixtralForCausalLM", Models = "Mixtral 8x7B, 8x22B")]
public class MixtralForCausalLM : DecoderForCausalLM
{
    private const string Defaults = """{"num_key_value_heads": 8, "num_local_experts": 8, "num_experts_per_tok": 2, "rms_norm_eps": 1e-5, "rope_theta": 1e6}""";

    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public MixtralForCausalLM(JsonConfig config, ModuleScope root) : base(root, Read(config.WithDefaults(Defaults))) { }

    /// <inheritdoc/>
    public override WeightMap WeightMap => base.WeightMap
        .Rename("*.block_sparse_moe.*", "*.mlp.*")
        .Rename("*.experts.*.w1.weight", "*.experts.*.gate_proj.weight")
        .Rename("*.experts.*.w3.weight", "*.experts.*.up_proj.weight")
        .Rename("*.experts.*.w2.weight", "*.experts.*.down_proj.weight")
        .WithStackedExperts(Config.IntermediateSize);

    private static DecoderConfig Read(JsonConfig config)
    {
        var decoder = DecoderConfig.From(config).WithWindows(config, _ => true);
        return decoder with { Moe = MixtureOfExperts.Read(config, decoder.HiddenSize, decoder.IntermediateSize, renormalize: true) };
    }
}
