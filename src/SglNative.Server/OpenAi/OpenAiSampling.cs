using SglNative.Core;
using SglNative.Engine.Sampling;
using SglNative.Server.Http;

namespace SglNative.Server.OpenAi;

/// <summary>The sampling fields that chat and completion requests share: OpenAI's, and SGLang's beyond them.</summary>
internal static class OpenAiSampling
{
    /// <summary>What is known by name and not there yet; asked for, it is refused rather than ignored.</summary>
    private static readonly (string Field, string Missing)[] NotYet =
    [
        ("json_schema", "structured output"), ("regex", "structured output"), ("ebnf", "structured output"), ("structural_tag", "structured output"),
        ("stop_regex", "stopping at a regular expression"), ("lora_path", "LoRA adapters"), ("session_params", "sessions"),
        ("custom_logit_processor", "custom logit processors"), ("functions", "function calling"),
    ];

    /// <summary>Reads the fields; <paramref name="maxTokens"/> is the endpoint's own default, null for none.</summary>
    /// <exception cref="SglException">A field has the wrong type, or asks for what is not there yet.</exception>
    public static SamplingParams Read(in RequestFields fields, int? maxTokens)
    {
        foreach (var (field, missing) in NotYet)
            if (fields.Find(field) is not null) throw new SglException($"{field}: {missing} is not supported yet; leave the field out");
        ResponseFormat(fields);
        var max = fields.FindInt("max_completion_tokens") ?? fields.FindInt("max_tokens") ?? maxTokens;
        if (max is < 1) throw new SglException($"max_tokens is {max}, expected at least 1");
        return new SamplingParams
        {
            MaxNewTokens = max,
            MinNewTokens = fields.FindInt("min_tokens") ?? 0,
            Temperature = fields.FindFloat("temperature"),
            TopP = fields.FindFloat("top_p"),
            TopK = fields.FindInt("top_k"),
            MinP = fields.FindFloat("min_p"),
            FrequencyPenalty = fields.FindFloat("frequency_penalty") ?? 0,
            PresencePenalty = fields.FindFloat("presence_penalty") ?? 0,
            RepetitionPenalty = fields.FindFloat("repetition_penalty"),
            Stop = fields.FindStrings("stop"),
            StopTokenIds = fields.FindInts("stop_token_ids"),
            IgnoreEos = fields.FindBool("ignore_eos"),
            SkipSpecialTokens = fields.FindBool("skip_special_tokens", true),
            NoStopTrim = fields.FindBool("no_stop_trim"),
            N = fields.FindInt("n") ?? 1,
            Seed = fields.FindLong("seed"),
            LogitBias = fields.FindLogitBias("logit_bias"),
        };
    }

    private static void ResponseFormat(in RequestFields fields)
    {
        if (fields.FindObject("response_format") is not { } format) return;
        var type = format.FindString("type") ?? throw new SglException("response_format has no type, expected text");
        if (type != "text") throw new SglException($"response_format of type '{type}' is not supported yet: only text is");
    }
}
