using SglNative.Core.Configuration;
using SglNative.Models.Architectures;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace MyModel;

/// <summary>
/// Serves checkpoints whose config.json says "architectures": ["MyModelForCausalLM"]. It begins as the decoder that most open models
/// are; change what is your model's own.
/// </summary>
[ModelArchitecture("MyModelForCausalLM")]
public sealed class MyModelForCausalLM(JsonConfig config, ModuleScope root) : DecoderForCausalLM(root, Read(config))
{
    /// <summary>From the checkpoint's tensor names to those of the layers: Rename, Split, Fuse, Transpose, Deinterleave, Stack, Drop, Convert.</summary>
    public override WeightMap WeightMap => base.WeightMap;

    // Keys of config.json are read with their type: config.GetInt("my_key"), config.GetFloat("my_key", 1.0).
    private static DecoderConfig Read(JsonConfig config) => DecoderConfig.From(config);
}
