using SglNative.Core.Configuration;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Models.Architectures;

/// <summary>Qwen3-Next (80B-A3B): gated DeltaNet in three layers of four, gated attention in the fourth, many experts and a shared one.</summary>
[ModelArchitecture("Qwen3NextForCausalLM", Models = "Qwen3-Next 80B-A3B")]
public class Qwen3NextForCausalLM : DecoderForCausalLM
{
    private const string Defaults = """{"num_key_value_heads": 2, "head_dim": 256, "partial_rotary_factor": 0.25, "linear_conv_kernel_dim": 4}""";

    private readonly DeltaNetConfig _deltaNet;

    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public Qwen3NextForCausalLM(JsonConfig config, ModuleScope root) : this(root, config.WithDefaults(Defaults)) { }

    private Qwen3NextForCausalLM(ModuleScope root, JsonConfig config) : base(root, Read(config)) => _deltaNet = DeltaNet(config);

    /// <inheritdoc/>
    public override WeightMap WeightMap => GatedDeltaNet.Map(base.WeightMap, _deltaNet)
        // Each head's rows of the query, then those of its gate.
        .SplitGroups("*.self_attn.q_proj.weight", Config.Attention.Heads,
            ("*.self_attn.q_proj.weight", Config.Attention.HeadDim), ("*.self_attn.gate_proj.weight", Config.Attention.HeadDim))
        .SplitGroups("*.self_attn.q_proj.bias", Config.Attention.Heads,
            ("*.self_attn.q_proj.bias", Config.Attention.HeadDim), ("*.self_attn.gate_proj.bias", Config.Attention.HeadDim))
        // The layer that predicts a token further on, for speculation.
        .Drop("mtp.*");

    private static DecoderConfig Read(JsonConfig c)
    {
        var decoder = DecoderConfig.From(c);
        var moe = MixtureOfExperts.Read(c, decoder.HiddenSize, DecoderConfig.Positive(c, "moe_intermediate_size"), c.GetBool("norm_topk_prob", true));
        var (deltaNet, attends) = (DeltaNet(c), AttentionLayers(c, decoder.Layers));
        return decoder with
        {
            Norm = NormKind.RmsPlusOne,
            Finer = true,
            Attention = decoder.Attention with
            {
                QkNorm = true,
                QkNormOffset = 1,
                OutputGate = true,
            },
            Mixer = (layer, index) => attends[index] ? null : new GatedDeltaNet(layer["linear_attn"], deltaNet),
            Moe = moe with { SharedSize = DecoderConfig.Positive(c, "shared_expert_intermediate_size"), SharedGate = true },
            DenseLayers = MixtureOfExperts.DenseLayers(c, decoder.Layers),
        };
    }

    private static DeltaNetConfig DeltaNet(JsonConfig c)
    {
        var (keyHeads, valueHeads) = (DecoderConfig.Positive(c, "linear_num_key_heads"), DecoderConfig.Positive(c, "linear_num_value_heads"));
        if (valueHeads % keyHeads != 0) throw c.Error("linear_num_value_heads", $"is {valueHeads}, expected a multiple of linear_num_key_heads = {keyHeads}");
        if (c.GetString("hidden_act", "silu") is not "silu" and var act) throw c.Error("hidden_act", $"is '{act}', expected silu");
        return new DeltaNetConfig
        {
            HiddenSize = DecoderConfig.Positive(c, "hidden_size"),
            KeyHeads = keyHeads,
            ValueHeads = valueHeads,
            KeyDim = DecoderConfig.Positive(c, "linear_key_head_dim"),
            ValueDim = DecoderConfig.Positive(c, "linear_value_head_dim"),
            Taps = DecoderConfig.Positive(c, "linear_conv_kernel_dim"),
            NormEps = (float)c.GetFloat("rms_norm_eps", 1e-6),
        };
    }

    private static bool[] AttentionLayers(JsonConfig c, int layers)
    {
        var interval = c.GetInt("full_attention_interval", 4);
        if (c.FindStrings("layer_types") is not { } types) return [.. Enumerable.Range(0, layers).Select(layer => (layer + 1) % interval == 0)];
        if (types.Length != layers) throw c.Error("layer_types", $"has {types.Length} entries, expected num_hidden_layers = {layers}");
        if (Array.Find(types, type => type is not ("full_attention" or "linear_attention")) is { } other)
            throw c.Error("layer_types", $"holds '{other}', expected full_attention or linear_attention");
        return Array.ConvertAll(types, type => type == "full_attention");
    }
}
