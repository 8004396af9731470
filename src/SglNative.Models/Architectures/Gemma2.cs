using SglNative.Core.Configuration;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Models.Architectures;

/// <summary>Gemma 2: norms around attention and MLP, soft caps on scores and logits, a window on every other layer.</summary>
[ModelArchitecture("Gemma2ForCausalLM", Models = "Gemma 2")]
public class Gemma2ForCausalLM : DecoderForCausalLM
{
    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public Gemma2ForCausalLM(JsonConfig config, ModuleScope root) : base(root, Read(config)) { }

    private static DecoderConfig Read(JsonConfig config)
    {
        config = config.WithDefaults("""{"num_key_value_heads": 4, "hidden_activation": "gelu_pytorch_tanh", "sliding_window": 4096}""");
        var decoder = GemmaForCausalLM.Family(config);
        return (decoder with
        {
            Activation = DecoderConfig.ActivationOf(config, "hidden_activation", "gelu_pytorch_tanh"),
            NormPlacement = NormPlacement.Around,
            LogitSoftCap = Cap(config, "final_logit_softcapping", 30),
            Attention = decoder.Attention with
            {
                Scale = (float)(1 / Math.Sqrt(DecoderConfig.PositiveNumber(config, "query_pre_attn_scalar", 256))),
                SoftCap = Cap(config, "attn_logit_softcapping", 50),
            },
        }).WithWindows(config, layer => layer % 2 == 0);
    }

    // A null means none; a field that is not there at all, the family's default.
    private static float Cap(JsonConfig config, string key, double fallback) =>
        config.IsNull(key) ? 0 : (float)DecoderConfig.PositiveNumber(config, key, fallback);
}
