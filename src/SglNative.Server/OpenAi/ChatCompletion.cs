using System.Text.Json;
using System.Text.Json.Serialization;

namespace SglNative.Server.OpenAi;

/// <summary>The answer to a chat request.</summary>
internal sealed record ChatCompletion(string Id, string Object, long Created, string Model, IReadOnlyList<ChatChoice> Choices, Usage Usage);

internal sealed record ChatChoice(int Index, ChatMessage Message, ChatLogProbs? Logprobs, string? FinishReason, JsonElement? MatchedStop);

internal sealed record ChatMessage(string Role, string? Content, string? Refusal = null);

/// <summary>One event of a streamed chat answer.</summary>
internal sealed record ChatCompletionChunk(string Id, string Object, long Created, string Model, IReadOnlyList<ChatChunkChoice> Choices)
{
    public Usage? Usage { get; init; }
}

internal sealed record ChatChunkChoice(int Index, ChatDelta Delta, ChatLogProbs? Logprobs, string? FinishReason, JsonElement? MatchedStop);

internal sealed record ChatDelta
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content { get; init; }
}

/// <summary>Log probabilities of a chat answer's tokens.</summary>
internal sealed record ChatLogProbs(IReadOnlyList<ChatTokenLogProb> Content, IReadOnlyList<ChatTokenLogProb>? Refusal = null);

internal sealed record ChatTokenLogProb(string Token, float Logprob, IReadOnlyList<int> Bytes, IReadOnlyList<ChatTopLogProb> TopLogprobs);

internal sealed record ChatTopLogProb(string Token, float Logprob, IReadOnlyList<int> Bytes);
