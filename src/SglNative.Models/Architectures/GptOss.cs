using SglNative.Core.Configuration;
using SglNative.Models.Modules;
using SglNative.Models.Operations;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Models.Architectures;

/// <summary>gpt-oss 20B and 120B: experts with biases and a capped SwiGLU, attention sinks, a window on every other layer.</summary>
[Dequantizes("mxfp4")]
[ModelArchitecture("GptOssForCausalLM", Models = "gpt-oss 20B, 120B", Formats = "MXFP4 experts (loaded as bfloat16)")]
public class GptOssForCausalLM : DecoderForCausalLM
{
    private const string Defaults = """
        {
          "num_key_value_heads": 8, "head_dim": 64, "sliding_window": 128, "attention_bias": true, "rms_norm_eps": 1e-5, "rope_theta": 150000,
          "num_experts_per_tok": 4, "swiglu_limit": 7,
          "rope_parameters": {"rope_type": "yarn", "factor": 32, "beta_fast": 32, "beta_slow": 1, "truncate": false, "original_max_position_embeddings": 4096}
        }
        """;

    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public GptOssForCausalLM(JsonConfig config, ModuleScope root) : base(root, Read(config.WithDefaults(Defaults))) { }

    /// <inheritdoc/>
    public override WeightMap WeightMap => base.WeightMap
        // As published: MXFP4, rows in order of the outputs.
        .Unstack("*.experts.*_proj_blocks", "*.experts.{i}.*_proj.blocks")
        .Unstack("*.experts.*_proj_scales", "*.experts.{i}.*_proj.scales")
        .Join("*.experts.*.blocks", "*.experts.*.scales", "*.experts.*.weight", Mxfp4.Dequantized)
        // Unquantised: rows in order of the inputs.
        .Unstack("*.experts.*_proj", "*.experts.{i}.*_proj.inputs")
        .Transpose("*.experts.*.inputs")
        .Rename("*.experts.*.inputs", "*.experts.*.weight")
        .Unstack("*.experts.*_proj_bias", "*.experts.{i}.*_proj.bias")
        // Gates and ups take turns.
        .Deal("*.experts.*.gate_up_proj.*", "*.experts.*.gate_proj.*", "*.experts.*.up_proj.*");

    private static DecoderConfig Read(JsonConfig config)
    {
        var decoder = DecoderConfig.From(config);
        var moe = MixtureOfExperts.Read(config, decoder.HiddenSize, decoder.IntermediateSize, renormalize: true);
        return (decoder with
        {
            Attention = decoder.Attention with { Sinks = true },
            Moe = moe with
            {
                Expert = new ExpertOptions { Activation = GatedActivation.SwigluOss, Limit = (float)DecoderConfig.PositiveNumber(config, "swiglu_limit", 7) },
                ExpertBias = true,
                RouterBias = true,
                RouterName = "router",
            },
        }).WithWindows(config, layer => layer % 2 == 0);
    }
}
