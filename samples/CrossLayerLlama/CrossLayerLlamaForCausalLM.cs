using SglNative.Core.Configuration;
using SglNative.Models.Architectures;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Samples;

/// <summary>
/// Llama with cross-layer attention (Brandon et al., 2024): of every <c>cla_share_factor</c> layers the first makes keys and values, and
/// those after it attend to the same. The cache is smaller by that factor.
/// </summary>
[ModelArchitecture("CrossLayerLlamaForCausalLM")]
public sealed class CrossLayerLlamaForCausalLM : DecoderForCausalLM
{
    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public CrossLayerLlamaForCausalLM(JsonConfig config, ModuleScope root) : base(root, Read(config)) { }

    private static DecoderConfig Read(JsonConfig config)
    {
        var decoder = DecoderConfig.From(config);
        var factor = DecoderConfig.Positive(config, "cla_share_factor");
        MultiHeadAttention? owner = null;
        return decoder with
        {
            Mixer = (layer, index) => index % factor == 0
                ? owner = new MultiHeadAttention(layer["self_attn"], decoder.Attention)
                : new CrossLayerAttention(layer["self_attn"], decoder.Attention, owner ?? throw config.Error("cla_share_factor", "shares between layers that a pipeline's cut parts")),
        };
    }
}
