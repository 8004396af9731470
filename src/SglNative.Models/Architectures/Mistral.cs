using SglNative.Core.Configuration;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Models.Architectures;

/// <summary>Mistral 7B, NeMo (a head wider than hidden / heads) and Small: Llama's block, with a window on every layer where one is given.</summary>
[ModelArchitecture("MistralForCausalLM", Models = "Mistral 7B, NeMo, Small (text)")]
public class MistralForCausalLM : DecoderForCausalLM
{
    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public MistralForCausalLM(JsonConfig config, ModuleScope root) : base(root, Read(config.WithDefaults("""{"num_key_value_heads": 8, "sliding_window": 4096}"""))) { }

    private static DecoderConfig Read(JsonConfig config) => DecoderConfig.From(config).WithWindows(config, _ => true);
}
