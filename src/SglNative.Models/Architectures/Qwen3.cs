using SglNative.Core.Configuration;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Models.Architectures;

/// <summary>Qwen 3: no biases unless configured, q and k normalised per head before the rotation.</summary>
[ModelArchitecture("Qwen3ForCausalLM", Models = "Qwen 3 dense")]
public class Qwen3ForCausalLM : DecoderForCausalLM
{
    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public Qwen3ForCausalLM(JsonConfig config, ModuleScope root) : base(root, Read(config)) { }

    private static DecoderConfig Read(JsonConfig config)
    {
        config = config.WithDefaults("""{"num_key_value_heads": 32, "sliding_window": 4096}""");
        var decoder = DecoderConfig.From(config);
        // The family's default is 128, whatever hidden / heads is.
        var headDim = DecoderConfig.HeadDimOf(config, 128);
        return Qwen2ForCausalLM.Windowed(config, decoder with { Attention = decoder.Attention with { HeadDim = headDim, QkNorm = true } });
    }
}
