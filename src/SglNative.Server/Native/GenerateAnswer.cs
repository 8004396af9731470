using System.Text.Json;
using System.Text.Json.Serialization;

namespace SglNative.Server.Native;

/// <summary>SGLang's answer to <c>/generate</c>.</summary>
internal sealed record GenerateAnswer(string Text, IReadOnlyList<int> OutputIds, MetaInfo MetaInfo)
{
    /// <summary>Which prompt of a streamed batch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Index { get; init; }
}

internal sealed record MetaInfo
{
    public required string Id { get; init; }

    public required NativeFinishReason? FinishReason { get; init; }

    public required int PromptTokens { get; init; }

    public required string WeightVersion { get; init; }

    public required int NumRetractions { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<JsonElement>? InputTokenLogprobs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<JsonElement>? OutputTokenLogprobs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<JsonElement>?>? InputTopLogprobs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<JsonElement>?>? OutputTopLogprobs { get; init; }

    public required int CompletionTokens { get; init; }

    public required int CachedTokens { get; init; }

    public required double E2eLatency { get; init; }
}

internal sealed record NativeFinishReason(string Type)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Matched { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Length { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}
