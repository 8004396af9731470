using SglNative.Core;
using SglNative.Core.Configuration;

namespace SglNative.Models.Architectures.Generic;

/// <summary>
/// The fields of a <c>config.json</c> that a generic decoder understands or may pass over. Any other may change the arithmetic in a
/// way that its tensors do not show (Granite's multipliers, OLMo's limits, Gemma's offsets), so that a model with it would run and be
/// wrong.
/// </summary>
internal static class GenericFields
{
    private static readonly HashSet<string> Understood =
    [
        "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim", "hidden_act",
        "rms_norm_eps", "layer_norm_eps", "layer_norm_epsilon", "norm_epsilon", "norm_eps", "tie_word_embeddings", "attention_bias", "mlp_bias", "qkv_bias",
        "use_qk_norm", "rope_theta", "rope_scaling", "rope_parameters", "partial_rotary_factor", "max_position_embeddings", "original_max_position_embeddings",
        "sliding_window", "use_sliding_window", "layer_types", "final_logit_softcapping", "attn_logit_softcapping", "query_pre_attn_scalar",
        "num_experts", "num_local_experts", "num_experts_per_tok", "moe_intermediate_size", "shared_expert_intermediate_size", "norm_topk_prob", "scoring_func",
        "use_bias", "use_qkv_bias", "attention_out_bias", "attention_multiplier", "embedding_multiplier", "residual_multiplier", "logits_scaling", "no_rope_layers",
        "no_rope_layer_interval", "routed_scaling_factor", "n_group", "topk_group", "decoder_sparse_step", "mlp_only_layers",
    ];

    private static readonly HashSet<string> WithoutEffect =
    [
        "architectures", "model_type", "torch_dtype", "dtype", "transformers_version", "use_cache", "initializer_range", "pretraining_tp", "_name_or_path",
        "output_router_logits", "router_aux_loss_coef", "router_jitter_noise", "max_window_layers", "return_dict", "output_hidden_states", "output_attentions",
        "quantization_config", "is_encoder_decoder", "chunk_size_feed_forward", "id2label", "label2id", "problem_type", "_attn_implementation", "auto_map",
    ];

    // Fields that change the arithmetic unless they have this value.
    private static readonly HashSet<string> Switches = ["use_parallel_residual", "parallel_attn", "qk_layernorm", "use_parallel_embedding"];

    private static readonly HashSet<string> Rotary =
    [
        "rope_type", "type", "rope_theta", "factor", "original_max_position_embeddings", "attention_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim", "truncate",
        "low_freq_factor", "high_freq_factor", "short_factor", "long_factor", "short_mscale", "long_mscale", "partial_rotary_factor",
    ];

    /// <summary>Throws where there are others that have a value.</summary>
    /// <exception cref="SglException">The message names them.</exception>
    public static void ExpectKnown(JsonConfig c)
    {
        var unknown = c.Keys.Where(key => c.Has(key) && !Understood.Contains(key) && !WithoutEffect.Contains(key) && !(Switches.Contains(key) && c.FindBool(key) == false)
            && !key.EndsWith("_token_id", StringComparison.Ordinal) && !key.EndsWith("dropout", StringComparison.Ordinal) && !key.EndsWith("pdrop", StringComparison.Ordinal)).ToArray();
        if (unknown.Length == 0)
        {
            foreach (var name in (string[])["rope_scaling", "rope_parameters"])
                if (c.FindObject(name) is { } rotary && rotary.Keys.FirstOrDefault(key => !rotary.IsObject(key) && !Rotary.Contains(key)) is { } strange)
                    throw rotary.Error(strange, "is a rotary parameter that the generic decoder does not know: it may change the model's arithmetic");
            return;
        }
        throw new SglException($"{c.Source}: the generic decoder does not know {string.Join(", ", unknown.Select(c.PathOf))}, which may change the model's arithmetic; "
            + $"if it does not, --json-model-override-args '{{\"{unknown[0]}\": null}}' says so");
    }
}
