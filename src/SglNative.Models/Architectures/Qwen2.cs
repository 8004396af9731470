using SglNative.Core.Configuration;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Models.Architectures;

/// <summary>Qwen 1.5, 2 and 2.5: biases on q, k and v, and a window from layer <c>max_window_layers</c> on where it is in use.</summary>
[ModelArchitecture("Qwen2ForCausalLM", Models = "Qwen 1.5, 2, 2.5")]
public class Qwen2ForCausalLM : DecoderForCausalLM
{
    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public Qwen2ForCausalLM(JsonConfig config, ModuleScope root) : base(root, Read(config)) { }

    /// <summary>The windows of the Qwen families; <c>use_sliding_window</c> is off in most checkpoints that name a window.</summary>
    internal static DecoderConfig Windowed(JsonConfig config, DecoderConfig decoder)
    {
        if (!config.GetBool("use_sliding_window", false)) return decoder;
        var first = config.GetInt("max_window_layers", 28);
        return decoder.WithWindows(config, layer => layer >= first);
    }

    private static DecoderConfig Read(JsonConfig config)
    {
        config = config.WithDefaults("""{"num_key_value_heads": 32, "sliding_window": 4096}""");
        var decoder = DecoderConfig.From(config);
        return Windowed(config, decoder with { Attention = decoder.Attention with { QkvBias = true, OutputBias = false } });
    }
}
