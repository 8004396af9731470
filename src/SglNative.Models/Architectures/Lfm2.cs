using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Models.Architectures;

/// <summary>LFM2: gated short convolutions, and attention with qk-norm in every few layers.</summary>
[ModelArchitecture("Lfm2ForCausalLM", Models = "LFM2 350M to 2.6B")]
public class Lfm2ForCausalLM : DecoderForCausalLM
{
    private const string Attention = "full_attention";

    private readonly int _hiddenSize;

    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public Lfm2ForCausalLM(JsonConfig config, ModuleScope root) : base(root, Read(config)) => _hiddenSize = config.GetInt("hidden_size");

    /// <inheritdoc/>
    public override WeightMap WeightMap => ShortConvolution.Map(base.WeightMap, _hiddenSize)
        .Rename("model.embedding_norm.weight", "model.norm.weight")
        .Rename("*.operator_norm.weight", "*.input_layernorm.weight")
        .Rename("*.ffn_norm.weight", "*.post_attention_layernorm.weight")
        .Rename("*.feed_forward.w1.weight", "*.mlp.gate_proj.weight")
        .Rename("*.feed_forward.w3.weight", "*.mlp.up_proj.weight")
        .Rename("*.feed_forward.w2.weight", "*.mlp.down_proj.weight")
        .Rename("*.self_attn.q_layernorm.weight", "*.self_attn.q_norm.weight")
        .Rename("*.self_attn.k_layernorm.weight", "*.self_attn.k_norm.weight")
        .Rename("*.self_attn.out_proj.weight", "*.self_attn.o_proj.weight");

    private static DecoderConfig Read(JsonConfig c)
    {
        c = c.WithDefaults("""{"num_key_value_heads": 8, "rope_theta": 1e6, "tie_word_embeddings": true}""");
        // The first checkpoints have a name of their own for the width.
        var decoder = DecoderConfig.From(c.FindInt("block_ff_dim") is { } width ? c.Merge(JsonConfig.Parse($"{{\"intermediate_size\":{width}}}", c.Source)) : c);
        var eps = (float)c.GetFloat("norm_eps", 1e-5);
        var (taps, bias) = (c.GetInt("conv_L_cache", 3), c.GetBool("conv_bias", false));
        var attends = AttentionLayers(c, decoder.Layers);
        return decoder with
        {
            IntermediateSize = IntermediateSize(c, decoder.IntermediateSize),
            NormEps = eps,
            TieWordEmbeddings = c.FindBool("tie_embedding") ?? decoder.TieWordEmbeddings,
            Attention = decoder.Attention with { QkNorm = true, NormEps = eps, QkvBias = false, OutputBias = false },
            Mixer = (layer, index) => attends[index] ? null : new ShortConvolution(layer["conv"], decoder.HiddenSize, taps, bias),
        };
    }

    private static bool[] AttentionLayers(JsonConfig c, int layers)
    {
        if (c.FindStrings("layer_types") is not { } types)
            return c.FindInts("full_attn_idxs") is { } indices ? [.. Enumerable.Range(0, layers).Select(indices.Contains)] : [.. Enumerable.Repeat(true, layers)];
        if (types.Length != layers) throw c.Error("layer_types", $"has {types.Length} entries, expected num_hidden_layers = {layers}");
        if (Array.Find(types, type => type is not (Attention or "conv")) is { } other) throw c.Error("layer_types", $"holds '{other}', expected {Attention} or conv");
        return Array.ConvertAll(types, type => type == Attention);
    }

    // Two thirds of what the file says, times a factor, rounded up; as the published models are made.
    private static int IntermediateSize(JsonConfig c, int size)
    {
        if (!c.GetBool("block_auto_adjust_ff_dim", true)) return size;
        size = (int)(c.GetFloat("block_ffn_dim_multiplier", 1) * (2 * size / 3));
        var multiple = c.GetInt("block_multiple_of", 256);
        return (size + multiple - 1) / multiple * multiple;
    }
}
