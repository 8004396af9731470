using SglNative.Core.Configuration;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Models.Architectures;

/// <summary>Phi 3, 3.5 and 4 (mini, medium): Llama's block, fused in the checkpoint; LongRoPE, and in Phi 4 mini a rotation of a part of each head.</summary>
[ModelArchitecture("Phi3ForCausalLM", Models = "Phi 3, 3.5, 4; Phi 4 mini")]
public class Phi3ForCausalLM : DecoderForCausalLM
{
    private const string Defaults = """{"rms_norm_eps": 1e-5, "max_position_embeddings": 4096, "original_max_position_embeddings": 4096}""";

    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public Phi3ForCausalLM(JsonConfig config, ModuleScope root) : base(root, Read(config.WithDefaults(Defaults))) { }

    /// <inheritdoc/>
    public override WeightMap WeightMap => base.WeightMap
        .Split("*.self_attn.qkv_proj.weight",
            ("*.self_attn.q_proj.weight", Config.Attention.Heads * Config.Attention.HeadDim),
            ("*.self_attn.k_proj.weight", Config.Attention.KvHeads * Config.Attention.HeadDim),
            ("*.self_attn.v_proj.weight", Config.Attention.KvHeads * Config.Attention.HeadDim))
        .Split("*.mlp.gate_up_proj.weight", ("*.mlp.gate_proj.weight", Config.IntermediateSize), ("*.mlp.up_proj.weight", Config.IntermediateSize));

    private static DecoderConfig Read(JsonConfig config) => DecoderConfig.From(config).WithWindows(config, _ => true);
}
