using SglNative.Core.Configuration;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Models.Architectures;

/// <summary>Gemma 1 and CodeGemma: embeddings times √H, norms by 1 + weight, GELU, heads of 256, tied head.</summary>
[ModelArchitecture("GemmaForCausalLM", Models = "Gemma 1, CodeGemma")]
public class GemmaForCausalLM : DecoderForCausalLM
{
    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public GemmaForCausalLM(JsonConfig config, ModuleScope root) : base(root, Family(config.WithDefaults("""{"num_key_value_heads": 16}"""))) { }

    /// <summary>What the family has in common.</summary>
    internal static DecoderConfig Family(JsonConfig config)
    {
        config = config.WithDefaults("""{"hidden_act": "gelu_pytorch_tanh", "head_dim": 256, "tie_word_embeddings": true}""");
        var decoder = DecoderConfig.From(config);
        return decoder with
        {
            Norm = NormKind.RmsPlusOne,
            EmbeddingScale = MathF.Sqrt(decoder.HiddenSize),
        };
    }
}
