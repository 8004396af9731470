using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Models.Layers;

namespace SglNative.Models.Architectures.Generic;

/// <summary>Finds out what decoder a checkpoint is, from its configuration and the names and shapes of its tensors.</summary>
public static class GenericDecoder
{
    private const string First = "model.layers.0.";

    /// <summary>The decoder in numbers.</summary>
    /// <param name="c">The text part of <c>config.json</c>.</param>
    /// <param name="tensors">Shape of each tensor of the checkpoint, by name.</param>
    /// <exception cref="SglException">A field is missing or unknown, or the tensors are not those of such a decoder; the message says which.</exception>
    public static DecoderConfig Read(JsonConfig c, IReadOnlyDictionary<string, Shape> tensors)
    {
        GenericFields.ExpectKnown(c);
        GenericFamilies.ExpectPlain(c);
        if (!tensors.ContainsKey("model.embed_tokens.weight")) throw Unlike(c, "model.embed_tokens.weight");
        if (!c.Has("hidden_act")) throw Missing(c, "hidden_act", "the activation of the MLP");
        if (!c.Has("rope_theta") && !c.Has("rope_parameters") && !c.Has("rope_scaling")) throw Missing(c, "rope_theta", "the position embedding");
        // A plain MLP knows more activations than a gated one.
        var plain = !Has(tensors, "mlp.gate_proj.weight") && (Has(tensors, "mlp.up_proj.weight") || Has(tensors, "mlp.c_fc.weight"));
        var decoder = DecoderConfig.From(plain ? c.Merge(JsonConfig.Parse("""{"hidden_act": null}""", c.Source)) : c);
        var (norm, eps) = ReadNorm(c, tensors);
        decoder = decoder with
        {
            Norm = norm,
            NormEps = eps,
            NormPlacement = ReadPlacement(c, tensors),
            TieWordEmbeddings = c.FindBool("tie_word_embeddings") ?? !tensors.ContainsKey("lm_head.weight"),
            LogitSoftCap = (float)(c.FindFloat("final_logit_softcapping") ?? 0),
            LogitScale = (float)(1 / DecoderConfig.PositiveNumber(c, "logits_scaling", 1)),
            EmbeddingScale = (float)DecoderConfig.PositiveNumber(c, "embedding_multiplier", 1),
            ResidualScale = (float)DecoderConfig.PositiveNumber(c, "residual_multiplier", 1),
            Unrotated = Unrotated(c, decoder.Layers),
            Attention = ReadAttention(c, tensors, decoder.Attention with { NormEps = eps }),
        };
        decoder = GenericExperts.Read(c, tensors, decoder);
        if (decoder.DenseLayers.Count < decoder.Layers && decoder.Moe is not null) return WithWindows(c, decoder);
        if (!plain && !Has(tensors, "mlp.gate_proj.weight") && !Has(tensors, "mlp.gate_up_proj.weight")) throw Unlike(c, $"{First}mlp.gate_proj.weight");
        return WithWindows(c, decoder with
        {
            MlpBias = Has(tensors, "mlp.down_proj.bias") || Has(tensors, "mlp.c_proj.bias"),
            PlainMlp = plain ? PlainMlp.FunctionOf(c.GetString("hidden_act")) ?? throw c.Error("hidden_act", $"is '{c.GetString("hidden_act")}', expected silu, gelu, gelu_pytorch_tanh, relu or relu2") : null,
        });
    }

    /// <summary>An error about a field without which the arithmetic is in doubt.</summary>
    internal static SglException Missing(JsonConfig c, string key, string what) =>
        c.Error(key, $"is missing: without it the generic decoder cannot be sure of {what} (--json-model-override-args can give it)");

    /// <summary>An error about a tensor that such a decoder has.</summary>
    internal static SglException Unlike(JsonConfig c, string tensor) =>
        new($"{c.Source}: the checkpoint has no {tensor}: the generic decoder serves models whose tensors are named as those of Llama, Qwen, Phi 3, StarCoder 2 or Mixtral");

    private static bool Has(IReadOnlyDictionary<string, Shape> tensors, string name) => tensors.ContainsKey(First + name);

    private static (NormKind Kind, float Eps) ReadNorm(JsonConfig c, IReadOnlyDictionary<string, Shape> tensors)
    {
        if (!tensors.ContainsKey("model.norm.weight")) throw Unlike(c, "model.norm.weight");
        if (tensors.ContainsKey("model.norm.bias")) return (NormKind.Layer, Eps("layer_norm_eps", "layer_norm_epsilon", "norm_epsilon", "norm_eps"));
        if (c.Has("rms_norm_eps")) return (NormKind.Rms, Eps("rms_norm_eps"));
        return c.FirstOf("layer_norm_eps", "layer_norm_epsilon") is not null
            ? (NormKind.LayerWithoutBias, Eps("layer_norm_eps", "layer_norm_epsilon"))
            : throw Missing(c, "rms_norm_eps", "the kind of the norms");

        float Eps(params ReadOnlySpan<string> keys) =>
            c.FirstOf(keys) is { } key ? (float)DecoderConfig.PositiveNumber(c, key, 0) : throw Missing(c, keys[0], "the epsilon of the norms");
    }

    private static NormPlacement ReadPlacement(JsonConfig c, IReadOnlyDictionary<string, Shape> tensors)
    {
        string[] names = ["input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"];
        return string.Concat(names.Select(name => Has(tensors, $"{name}.weight") ? '1' : '0')) switch
        {
            "1100" => NormPlacement.Before,
            "0101" => NormPlacement.After,
            "1111" => NormPlacement.Around,
            _ => throw Unlike(c, $"{First}input_layernorm.weight or another known set of norms"),
        };
    }

    private static AttentionConfig ReadAttention(JsonConfig c, IReadOnlyDictionary<string, Shape> tensors, AttentionConfig a)
    {
        var fused = Has(tensors, "self_attn.qkv_proj.weight");
        if (!fused && !Has(tensors, "self_attn.q_proj.weight")) throw Unlike(c, $"{First}self_attn.q_proj.weight");
        var rows = tensors[First + (fused ? "self_attn.qkv_proj.weight" : "self_attn.q_proj.weight")][0];
        var heads = fused ? a.Heads + 2 * a.KvHeads : a.Heads;
        if (rows != (long)heads * a.HeadDim)
            throw c.Error("head_dim", $"is {a.HeadDim}, but the projections' {rows} rows over {heads} heads make {rows / (double)heads:0.##}");
        var qNorm = tensors.TryGetValue(First + "self_attn.q_norm.weight", out var shape) ? shape[0] : 0;
        if (qNorm != 0 && qNorm != a.HeadDim && qNorm != a.Heads * a.HeadDim) throw Unlike(c, $"{First}self_attn.q_norm.weight of {a.HeadDim} or {a.Heads * a.HeadDim} values");
        return a with
        {
            QkvBias = Has(tensors, fused ? "self_attn.qkv_proj.bias" : "self_attn.q_proj.bias"),
            OutputBias = Has(tensors, "self_attn.o_proj.bias"),
            QkNorm = qNorm != 0,
            QkNormAcrossHeads = qNorm != a.HeadDim && qNorm != 0,
            Sinks = Has(tensors, "self_attn.sinks"),
            SoftCap = (float)(c.FindFloat("attn_logit_softcapping") ?? 0),
            Scale = (float?)c.FindFloat("attention_multiplier") ?? (c.FindFloat("query_pre_attn_scalar") is { } scalar ? (float)(1 / Math.Sqrt(scalar)) : null),
        };
    }

    // SmolLM 3's list says 0 of a layer that does not rotate.
    private static int[] Unrotated(JsonConfig c, int layers)
    {
        if (c.FindInts("no_rope_layers") is not { } rotates)
            return c.Has("no_rope_layer_interval") ? throw Missing(c, "no_rope_layers", "which layers rotate") : [];
        if (rotates.Length != layers) throw c.Error("no_rope_layers", $"has {rotates.Length} entries, expected num_hidden_layers = {layers}");
        return [.. Enumerable.Range(0, layers).Where(layer => rotates[layer] == 0)];
    }

    private static DecoderConfig WithWindows(JsonConfig c, DecoderConfig decoder)
    {
        if (!c.Has("sliding_window") || c.FindBool("use_sliding_window") == false) return decoder;
        return c.Has("layer_types") ? decoder.WithWindows(c, _ => false) : throw Missing(c, "layer_types", "which layers have the sliding_window");
    }
}
