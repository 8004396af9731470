using SglNative.Core.Configuration;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Operations;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Models.Architectures;

/// <summary>What DeepSeek V2 and V3 share: latent attention, dense layers first, then experts of which some are shared by all tokens.</summary>
[Dequantizes("fp8")]
public abstract class DeepseekForCausalLM : DecoderForCausalLM
{
    private readonly LatentAttentionConfig _attention;
    private readonly int _predictionLayers;

    /// <summary>Declares the model.</summary>
    protected DeepseekForCausalLM(JsonConfig config, ModuleScope root, LatentAttentionConfig attention, MoeConfig moe) : base(root, Read(config, attention, moe))
    {
        _attention = attention;
        _predictionLayers = config.GetInt("num_nextn_predict_layers", 0);
        if (config.FindObject("quantization_config") is { } quantization && quantization.FindString("quant_method") == "fp8" && quantization.FindInts("weight_block_size") is not [128, 128])
            throw quantization.Error("weight_block_size", "must be [128, 128]: other layouts of FP8 are not supported yet");
    }

    /// <inheritdoc/>
    public override WeightMap WeightMap
    {
        get
        {
            var map = base.WeightMap;
            // Layers after the last predict tokens further on, for speculation.
            for (var i = 0; i < _predictionLayers; i++) map.Drop($"model.layers.{Config.Layers + i}.*");
            return MultiHeadLatentAttention.Map(map.Join("*.weight_scale_inv", "*.weight", "*.weight", Fp8Blocks.Dequantized), _attention);
        }
    }

    /// <summary>The attention's numbers; the scale without what YaRN adds to it.</summary>
    protected static LatentAttentionConfig Attention(JsonConfig c)
    {
        var (nope, rope) = (DecoderConfig.Positive(c, "qk_nope_head_dim"), DecoderConfig.Positive(c, "qk_rope_head_dim"));
        return new LatentAttentionConfig
        {
            HiddenSize = DecoderConfig.Positive(c, "hidden_size"),
            Heads = DecoderConfig.Positive(c, "num_attention_heads"),
            QueryRank = c.GetInt("q_lora_rank", 0),
            Rank = DecoderConfig.Positive(c, "kv_lora_rank"),
            NopeDim = nope,
            RopeDim = rope,
            ValueDim = DecoderConfig.Positive(c, "v_head_dim"),
            Bias = c.GetBool("attention_bias", false),
            // The latents' norms have an epsilon of their own, whatever the file says of the others.
            NormEps = 1e-6f,
            Scale = 1 / MathF.Sqrt(nope + rope),
            Rope = RopeConfig.From(c),
            Interleaved = true,
        };
    }

    /// <summary>The factor that YaRN puts on the scores: its mscale, for queries and keys.</summary>
    protected static float YarnScale(RopeConfig rope)
    {
        if (rope is not { Type: RopeType.Yarn, MscaleAllDim: { } weight and not 0 }) return 1;
        var factor = rope.Factor ?? (double)rope.MaxPositionEmbeddings!.Value / rope.OriginalMaxPositionEmbeddings!.Value;
        var mscale = factor <= 1 ? 1 : 0.1 * weight * Math.Log(factor) + 1;
        return (float)(mscale * mscale);
    }

    /// <summary>The experts' numbers, of which the routing is each version's own.</summary>
    protected static MoeConfig Experts(JsonConfig c, RoutingOptions routing)
    {
        var (size, experts) = (DecoderConfig.Positive(c, "moe_intermediate_size"), DecoderConfig.Positive(c, "n_routed_experts"));
        if (experts > Ops.MaxExperts) throw c.Error("n_routed_experts", $"is {experts}, supported are at most {Ops.MaxExperts}");
        if (experts % routing.Groups != 0 || routing.TopGroups < 1 || routing.TopGroups > routing.Groups)
            throw c.Error("n_group", $"is {routing.Groups} with topk_group {routing.TopGroups}, expected a divisor of n_routed_experts = {experts}, and topk_group of them at most");
        if (routing.TopK > Math.Min(experts / routing.Groups * routing.TopGroups, Ops.MaxExpertsPerToken))
            throw c.Error("num_experts_per_tok", $"is {routing.TopK}, expected at most {Math.Min(experts / routing.Groups * routing.TopGroups, Ops.MaxExpertsPerToken)}");
        return new MoeConfig
        {
            HiddenSize = DecoderConfig.Positive(c, "hidden_size"),
            Experts = experts,
            ExpertSize = size,
            Routing = routing,
            Expert = new ExpertOptions { Activation = DecoderConfig.ActivationOf(c, "hidden_act", "silu") },
            SharedSize = size * c.GetInt("n_shared_experts", 0),
            SharedName = "shared_experts",
        };
    }

    private static DecoderConfig Read(JsonConfig c, LatentAttentionConfig attention, MoeConfig moe)
    {
        var decoder = DecoderConfig.From(c);
        var (dense, every) = (c.GetInt("first_k_dense_replace", 0), c.GetInt("moe_layer_freq", 1));
        if (every < 1) throw c.Error("moe_layer_freq", $"is {every}, expected at least 1");
        return decoder with
        {
            Mixer = (layer, _) => new MultiHeadLatentAttention(layer["self_attn"], attention),
            Moe = moe,
            DenseLayers = [.. Enumerable.Range(0, decoder.Layers).Where(layer => layer < dense || layer % every != 0)],
        };
    }
}
