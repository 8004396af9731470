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
        var read = SamplingFields.Read(fields);
        return read with
        {
            MaxNewTokens = fields.FindInt("max_new_tokens"),
            DefaultNewTokens = DefaultMaxNewTokens,
            MinNewTokens = fields.FindInt("min_new_tokens") ?? 0,
            Seed = fields.FindLong("sampling_seed") ?? read.Seed,
        };
    }
}
