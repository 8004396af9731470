namespace SglNative.Engine.Generation;

/// <summary>What became known since the last chunk of one output.</summary>
public sealed record GenerateChunk
{
    /// <summary>Which of the N outputs.</summary>
    public required int Index { get; init; }

    /// <summary>New text: whole characters only, with stop strings and what might begin one held back.</summary>
    public required string Text { get; init; }

    /// <summary>New tokens.</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>Log probabilities of the new tokens; empty unless asked for.</summary>
    public IReadOnlyList<PositionLogProbs> LogProbs { get; init; } = [];

    /// <summary>Log probabilities of the prompt, with the first chunk of an output; empty unless asked for.</summary>
    public IReadOnlyList<PositionLogProbs> PromptLogProbs { get; init; } = [];

    /// <summary>Set on the output's last chunk.</summary>
    public FinishReason? Finish { get; init; }

    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Tokens generated so far, end token included.</summary>
    public required int CompletionTokens { get; init; }

    /// <summary>Prompt tokens that were found in the cache.</summary>
    public int CachedTokens { get; init; }

    /// <summary>How often the sequence was set back for want of cache pages.</summary>
    public int Retractions { get; init; }
}
