namespace SglNative.Models.Operations;

/// <summary>How a router's logits become scores.</summary>
public enum ExpertScoring
{
    /// <summary>Softmax over all experts (Mixtral, Qwen, DeepSeek V2, gpt-oss).</summary>
    Softmax,
    /// <summary>The logistic function of each (DeepSeek V3, GLM 4.5, Llama 4).</summary>
    Sigmoid,
}

/// <summary>How each token finds its experts and their weights; fixed when a layer is built.</summary>
public sealed record RoutingOptions
{
    /// <summary>K, the experts of a token.</summary>
    public required int TopK { get; init; }

    /// <summary>What a score is.</summary>
    public ExpertScoring Scoring { get; init; }

    /// <summary>
    /// Whether a token's weights are divided by their sum. With softmax this equals the softmax over the chosen experts alone
    /// (Mixtral, gpt-oss).
    /// </summary>
    public bool Renormalize { get; init; }

    /// <summary>Factor on the weights, after they are renormalised.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Groups of neighbouring experts, of which a token uses <see cref="TopGroups"/>; 1 for no grouping.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Groups a token may take its experts from.</summary>
    public int TopGroups { get; init; } = 1;

    /// <summary>A group scores the sum of that many best experts in it: 1 in DeepSeek V2, 2 in V3.</summary>
    public int GroupScoreCount { get; init; } = 1;

    /// <summary>Throws unless the numbers fit <paramref name="experts"/> experts.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public void Check(long experts)
    {
        if (TopK < 1 || Groups < 1 || experts % Groups != 0 || TopGroups < 1 || TopGroups > Groups
            || TopK > experts / Groups * TopGroups || GroupScoreCount < 1 || GroupScoreCount > experts / Groups)
            throw new ArgumentException($"{this} does not fit {experts} experts");
    }
}
