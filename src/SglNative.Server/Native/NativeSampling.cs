using SglNative.Engine.Sampling;
using SglNative.Server.Http;

namespace SglNative.Server.Native;

/// <summary>SGLang's <c>sampling_params</c> object.</summary>
internal static class NativeSampling
{
    // SGLang's own default.
    private const int DefaultMaxNewTokens = 128;

    /// <summary>The members that are known and not read.</summary>
    public static FieldPolicy Policy { get; } = new(
    [
        ("json_schema", "structured output is"), ("regex", "structured output is"), ("ebnf", "structured output is"), ("structural_tag", "structured output is"),
        ("stop_regex", "stopping at a regular expression is"), ("custom_params", "custom logit processors are"),
    ],
    // Only slow tokenizers know it; texts are decoded as the fast ones do.
    ["spaces_between_special_tokens"]);

    public static SamplingParams Read(in RequestFields? given)
    {
        if (given is not { } fields) return new SamplingParams { DefaultNewTokens = DefaultMaxNewTokens };
        Policy.Check(fields);
        return new SamplingParams
        {
            MaxNewTokens = fields.FindInt("max_new_tokens"),
            DefaultNewTokens = DefaultMaxNewTokens,
            MinNewTokens = fields.FindInt("min_new_tokens") ?? 0,
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
            Seed = fields.FindLong("sampling_seed") ?? fields.FindLong("seed"),
            LogitBias = fields.FindLogitBias("logit_bias"),
        };
    }
}
