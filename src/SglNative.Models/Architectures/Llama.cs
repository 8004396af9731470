using SglNative.Core.Configuration;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Models.Architectures;

/// <summary>Llama 1, 2, 3, 3.1, 3.2 (text), TinyLlama, SmolLM and many that share the class.</summary>
[ModelArchitecture("LlamaForCausalLM", Models = "Llama 1, 2, 3, 3.1, 3.2 (text); TinyLlama, SmolLM and many that share the class")]
public class LlamaForCausalLM : DecoderForCausalLM
{
    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public LlamaForCausalLM(JsonConfig config, ModuleScope root) : base(root, DecoderConfig.From(config)) { }
}
