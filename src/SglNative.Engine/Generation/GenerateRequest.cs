using SglNative.Engine.Sampling;

namespace SglNative.Engine.Generation;

/// <summary>One prompt and how to continue it.</summary>
public sealed record GenerateRequest
{
    /// <summary>The prompt as text; or <see cref="InputIds"/>.</summary>
    public string? Text { get; init; }

    /// <summary>The prompt as token ids; or <see cref="Text"/>.</summary>
    public IReadOnlyList<int>? InputIds { get; init; }

    /// <summary>Whether <see cref="Text"/> gets the tokenizer's own special tokens (BOS); false where a chat template wrote them.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>How to draw and when to end.</summary>
    public SamplingParams Sampling { get; init; } = new();

    /// <summary>Whether log probabilities of the output's tokens are wanted.</summary>
    public bool ReturnLogProbs { get; init; }

    /// <summary>First prompt position whose log probability is wanted; -1 for none.</summary>
    public int LogProbStart { get; init; } = -1;

    /// <summary>How many of the most probable tokens to give with each.</summary>
    public int TopLogProbs { get; init; }

    /// <summary>The caller's name for the request; one is made where null.</summary>
    public string? RequestId { get; init; }
}
