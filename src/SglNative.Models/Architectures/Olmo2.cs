using SglNative.Core.Configuration;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Models.Architectures;

/// <summary>OLMo 2: norms after attention and MLP instead of before, q and k normalised across all heads.</summary>
[ModelArchitecture("Olmo2ForCausalLM", Models = "OLMo 2")]
public class Olmo2ForCausalLM : DecoderForCausalLM
{
    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public Olmo2ForCausalLM(JsonConfig config, ModuleScope root) : base(root, Read(config)) { }

    private static DecoderConfig Read(JsonConfig config)
    {
        var decoder = DecoderConfig.From(config.WithDefaults("""{"rms_norm_eps": 1e-5}"""));
        return decoder with { NormPlacement = NormPlacement.After, Attention = decoder.Attention with { QkNorm = true, QkNormAcrossHeads = true } };
    }
}
