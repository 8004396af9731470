namespace SglNative.Engine.Generation;

/// <summary>One finished output.</summary>
public sealed record GenerateOutput
{
    /// <summary>The request's name.</summary>
    public required string RequestId { get; init; }

    /// <summary>Which of the N outputs.</summary>
    public required int Index { get; init; }

    /// <summary>The generated text.</summary>
    public required string Text { get; init; }

    /// <summary>The generated tokens.</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>Log probabilities of the generated tokens; empty unless asked for.</summary>
    public required IReadOnlyList<PositionLogProbs> LogProbs { get; init; }

    /// <summary>Log probabilities of the prompt; empty unless asked for.</summary>
    public required IReadOnlyList<PositionLogProbs> PromptLogProbs { get; init; }

    /// <summary>Why it ended.</summary>
    public required FinishReason Finish { get; init; }

    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Prompt tokens that were found in the cache.</summary>
    public required int CachedTokens { get; init; }

    /// <summary>How often the sequence was set back for want of cache pages.</summary>
    public required int Retractions { get; init; }
}
