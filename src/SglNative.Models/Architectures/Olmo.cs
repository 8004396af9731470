using SglNative.Core.Configuration;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Models.Architectures;

/// <summary>OLMo 1: Llama's block with layer norms that learn nothing, and a limit on q, k and v.</summary>
[ModelArchitecture("OlmoForCausalLM", Models = "OLMo 1")]
public class OlmoForCausalLM : DecoderForCausalLM
{
    private const float Eps = 1e-5f;

    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public OlmoForCausalLM(JsonConfig config, ModuleScope root) : base(root, Read(config)) { }

    private static DecoderConfig Read(JsonConfig config)
    {
        var decoder = DecoderConfig.From(config);
        var clip = config.Has("clip_qkv") ? DecoderConfig.PositiveNumber(config, "clip_qkv", 0) : 0;
        return decoder with { Norm = NormKind.LayerWithoutWeight, NormEps = Eps, Attention = decoder.Attention with { ClipQkv = (float)clip } };
    }
}
