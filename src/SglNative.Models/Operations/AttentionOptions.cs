namespace SglNative.Models.Operations;

/// <summary>What an attention layer fixes once: how scores are formed and which keys are seen.</summary>
public sealed record AttentionOptions
{
    /// <summary>Factor on q·k; usually head_dim^-0.5.</summary>
    public required float Scale { get; init; }

    /// <summary>A query at position p sees keys at positions p − Window + 1 … p; 0 sees all before it.</summary>
    public int Window { get; init; }

    /// <summary>Scores become SoftCap · tanh(score / SoftCap); 0 leaves them.</summary>
    public float SoftCap { get; init; }
}
