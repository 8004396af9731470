using SglNative.Core;
using SglNative.Engine.Sampling;
using SglNative.Server.Http;

namespace SglNative.Server.OpenAi;

/// <summary>The sampling fields that chat and completion requests share: OpenAI's, and SGLang's beyond them.</summary>
internal static class OpenAiSampling
{
    /// <summary>The fields of both endpoints that are known and not read.</summary>
    public static FieldPolicy Policy { get; } = new(
    [
        ("json_schema", "structured output is"), ("regex", "structured output is"), ("ebnf", "structured output is"), ("structural_tag", "structured output is"),
        ("stop_regex", "stopping at a regular expression is"), ("lora_path", "LoRA adapters are"), ("session_params", "sessions are"),
        ("custom_logit_processor", "custom logit processors are"), ("custom_params", "custom logit processors are"),
        ("return_hidden_states", "hidden states in the answer are"), ("return_routed_experts", "routed experts in the answer are"),
        ("return_token_ids", "token ids in the answer are"), ("bootstrap_host", "disaggregated serving is"), ("bootstrap_port", "disaggregated serving is"),
        ("bootstrap_room", "disaggregated serving is"),
    ],
    // No prefixes are kept between requests, requests are served in the order of their arrival, and there is one replica.
    ["extra_key", "cache_salt", "priority", "user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "data_parallel_rank", "routed_dp_rank"]);

    /// <summary>Reads the fields; <paramref name="maxTokens"/> is the endpoint's own default, null for none.</summary>
    /// <exception cref="SglException">A field has the wrong type, or asks for what is not there yet.</exception>
    public static SamplingParams Read(in RequestFields fields, int? maxTokens)
    {
        ResponseFormat(fields);
        var max = AtLeastOne(fields, "max_completion_tokens") ?? AtLeastOne(fields, "max_tokens");
        return SamplingFields.Read(fields) with { MaxNewTokens = max, DefaultNewTokens = maxTokens, MinNewTokens = MinTokens(fields, max ?? maxTokens) };
    }

    private static int MinTokens(in RequestFields fields, int? max) => fields.FindInt("min_tokens") switch
    {
        { } min when min < 0 || min > max => throw new SglException($"min_tokens is {min}, expected {(max is null ? "at least 0" : $"in [0, max_tokens = {max}]")}"),
        var min => min ?? 0,
    };

    private static int? AtLeastOne(in RequestFields fields, string name) => fields.FindInt(name) switch
    {
        < 1 and var value => throw new SglException($"{name} is {value}, expected at least 1"),
        var value => value,
    };

    private static void ResponseFormat(in RequestFields fields)
    {
        if (fields.FindObject("response_format") is not { } format) return;
        var type = format.FindString("type") ?? throw new SglException("response_format has no type, expected text");
        if (type != "text") throw new SglException($"response_format of type '{type}' is not supported yet: only text is");
    }
}
