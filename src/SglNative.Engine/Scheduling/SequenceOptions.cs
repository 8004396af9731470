namespace SglNative.Engine.Scheduling;

/// <summary>A sequence's parameters with every default resolved and every bound checked.</summary>
internal sealed record SequenceOptions
{
    public required int MaxNewTokens { get; init; }

    public int MinNewTokens { get; init; }

    public float Temperature { get; init; } = 1;

    public float TopP { get; init; } = 1;

    /// <summary>0 keeps all.</summary>
    public int TopK { get; init; }

    public float MinP { get; init; }

    public float FrequencyPenalty { get; init; }

    public float PresencePenalty { get; init; }

    public float RepetitionPenalty { get; init; } = 1;

    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    /// <summary>Tokens that end the sequence: the model's own, unless ignored, and the request's.</summary>
    public required IReadOnlySet<int> StopTokens { get; init; }

    public required long Seed { get; init; }

    public bool ReturnLogProbs { get; init; }

    /// <summary>First prompt position whose log probability is wanted; -1 for none.</summary>
    public int PromptLogProbStart { get; init; } = -1;

    public int TopLogProbs { get; init; }
}
