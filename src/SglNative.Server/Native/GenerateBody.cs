using System.Text.Json;
using SglNative.Core;
using SglNative.Engine.Generation;
using SglNative.Server.Http;

namespace SglNative.Server.Native;

/// <summary>What <c>/generate</c> was asked: one prompt or a batch of them, with parameters shared or one each.</summary>
/// <param name="Prompts">The prompts.</param>
/// <param name="IsBatch">Whether the answer is a list.</param>
/// <param name="Stream">Events instead of one answer.</param>
/// <param name="StreamInterval">Tokens between two events; null for the server's own.</param>
/// <param name="TextInLogProbs">Whether log probabilities carry the tokens' texts.</param>
internal sealed record GenerateBody(IReadOnlyList<GenerateRequest> Prompts, bool IsBatch, bool Stream, int? StreamInterval, bool TextInLogProbs)
{
    private const string Images = "images are", Video = "video is", Disaggregation = "disaggregated serving is", Experts = "routed experts in the answer are";

    /// <summary>The fields that are known and not read.</summary>
    public static FieldPolicy Policy { get; } = new(
    [
        ("image_data", Images), ("images_config", Images), ("max_dynamic_patch", Images), ("min_dynamic_patch", Images), ("image_max_dynamic_patch", Images),
        ("mm_hashes", Images), ("mm_content_hashes", Images), ("video_data", Video), ("video_config", Video), ("video_max_dynamic_patch", Video),
        ("audio_data", "audio is"), ("use_audio_in_video", "audio is"), ("input_embeds", "embeddings as input are"), ("positional_embed_overrides", "embeddings as input are"),
        ("lora_path", "LoRA adapters are"), ("lora_id", "LoRA adapters are"), ("session_id", "sessions are"), ("session_params", "sessions are"),
        ("custom_logit_processor", "custom logit processors are"), ("token_ids_logprob", "log probabilities of chosen tokens are"),
        ("multi_item_delimiter_indices", "scoring several items in one prompt is"), ("max_thinking_tokens", "a bound on reasoning is"),
        ("require_reasoning", "reasoning before structured output is"), ("background", "answering in the background is"),
        ("return_hidden_states", "hidden states in the answer are"), ("return_routed_experts", Experts), ("routed_experts_start_len", Experts),
        ("return_indexer_topk", "the indexer's choice in the answer is"), ("return_sampling_mask", "the sampling mask in the answer is"),
        ("return_entropy", "entropy in the answer is"), ("return_bytes", "bytes in the answer are"), ("return_prompt_token_ids", "prompt token ids in the answer are"),
        ("return_flat_raw_top_logprobs", "flat log probabilities are"), ("return_flat_raw_top_logprobs_b64", "flat log probabilities are"),
        ("bootstrap_host", Disaggregation), ("bootstrap_port", Disaggregation), ("bootstrap_room", Disaggregation), ("bootstrap_pair_key", Disaggregation),
        ("decode_tp_size", Disaggregation), ("disagg_prefill_dp_rank", Disaggregation),
    ],
    // Hints to routers, caches, logs and metrics that are not there; none changes the answer.
    ["modalities", "log_metrics", "no_logs", "custom_labels", "external_trace_header", "routing_key", "conversation_id", "kv_router_hint",
        "priority", "extra_key", "cache_salt", "routed_dp_rank", "data_parallel_rank"]);

    public static GenerateBody Read(in RequestFields fields)
    {
        Policy.Check(fields);
        var prompts = ReadPrompts(fields, out var isBatch);
        if (prompts.Count > Engine.Engine.MaxOutputs) throw new SglException($"the batch has {prompts.Count} prompts, expected at most {Engine.Engine.MaxOutputs}");
        var batch = new BatchFields(fields, prompts.Count, isBatch);
        for (var i = 0; i < prompts.Count; i++) prompts[i] = batch.Complete(prompts[i], i);
        // Outputs are numbered evenly, so every prompt of a batch must have as many.
        if (prompts.Any(prompt => prompt.Sampling.N != prompts[0].Sampling.N)) throw new SglException("sampling_params.n must be the same for every prompt of a batch");
        return new GenerateBody(prompts, isBatch, fields.FindBool("stream"), Interval(batch), fields.FindBool("return_text_in_logprobs"));
    }

    private static int? Interval(in BatchFields batch) => batch.Object("sampling_params", 0)?.FindInt("stream_interval") switch
    {
        < 1 and var interval => throw new SglException($"sampling_params.stream_interval is {interval}, expected at least 1"),
        var interval => interval,
    };

    private static List<GenerateRequest> ReadPrompts(in RequestFields fields, out bool isBatch)
    {
        var (text, ids) = (fields.Find("text"), fields.Find("input_ids"));
        if (text is null == ids is null) throw new SglException("the request must have either text or input_ids");
        if (text is { } given)
        {
            isBatch = given.ValueKind == JsonValueKind.Array;
            var texts = fields.FindStrings("text");
            if (texts.Count == 0) throw new SglException("text is empty, expected at least one prompt");
            return [.. texts.Select(prompt => new GenerateRequest { Text = prompt })];
        }
        var array = ids!.Value;
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() == 0) throw fields.Wrong("input_ids", "a non-empty array of token ids, or an array of those", array);
        isBatch = array[0].ValueKind == JsonValueKind.Array;
        if (!isBatch) return [new GenerateRequest { InputIds = fields.Ints(array, "input_ids") }];
        var prompts = new List<GenerateRequest>();
        foreach (var item in array.EnumerateArray())
            prompts.Add(item.ValueKind == JsonValueKind.Array
                ? new GenerateRequest { InputIds = fields.Ints(item, $"input_ids[{prompts.Count}]") }
                : throw fields.Wrong($"input_ids[{prompts.Count}]", "an array of token ids", item));
        return prompts;
    }
}
