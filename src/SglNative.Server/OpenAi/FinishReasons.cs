using System.Text.Json;
using SglNative.Engine.Generation;

namespace SglNative.Server.OpenAi;

/// <summary>Finish reasons as OpenAI's and SGLang's clients read them.</summary>
internal static class FinishReasons
{
    public static string? Name(FinishReason? finish) => finish switch
    {
        null => null,
        FinishReason.Stop => "stop",
        FinishReason.Length => "length",
        _ => "abort",
    };

    /// <summary>SGLang's <c>matched_stop</c>: the stop string or end token.</summary>
    public static JsonElement? Matched(FinishReason? finish) => finish switch
    {
        FinishReason.Stop { MatchedText: { } text } => JsonSerializer.SerializeToElement(text, ServerJson.Default.String),
        FinishReason.Stop { MatchedToken: { } token } => JsonSerializer.SerializeToElement(token, ServerJson.Default.Int32),
        _ => null,
    };
}
