using SglNative.Core;
using SglNative.Engine.Sampling;

namespace SglNative.Server.Http;

/// <summary>The sampling fields that have the same name and meaning in every request.</summary>
internal static class SamplingFields
{
    /// <summary>Reads them.</summary>
    /// <exception cref="SglException">A field has the wrong type.</exception>
    public static SamplingParams Read(in RequestFields fields) => new()
    {
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
