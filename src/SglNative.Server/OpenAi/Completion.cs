using System.Text.Json;

namespace SglNative.Server.OpenAi;

/// <summary>The answer to a completion request, whole or one event of it.</summary>
internal sealed record Completion(string Id, string Object, long Created, string Model, IReadOnlyList<CompletionChoice> Choices)
{
    public Usage? Usage { get; init; }
}

internal sealed record CompletionChoice(int Index, string Text, CompletionLogProbs? Logprobs, string? FinishReason, JsonElement? MatchedStop);

/// <summary>Log probabilities in the older form: parallel lists.</summary>
internal sealed record CompletionLogProbs(
    IReadOnlyList<string> Tokens, IReadOnlyList<float?> TokenLogprobs, IReadOnlyList<IReadOnlyDictionary<string, float>?> TopLogprobs, IReadOnlyList<int> TextOffset);
