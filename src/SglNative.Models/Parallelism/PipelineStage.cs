namespace SglNative.Models.Parallelism;

/// <summary>
/// The part of a model's layers that this copy has: the embedding is the first stage's, the norm after the layers and the head are the
/// last one's. A stage returns the hidden state that the next one is given.
/// </summary>
/// <param name="Index">0 … Count − 1.</param>
/// <param name="Count">Stages that the layers are cut into.</param>
public sealed record PipelineStage(int Index, int Count)
{
    /// <summary>All layers.</summary>
    public static PipelineStage Whole { get; } = new(0, 1);

    /// <summary>Whether it has the embedding.</summary>
    public bool IsFirst => Index == 0;

    /// <summary>Whether it has the head.</summary>
    public bool IsLast => Index == Count - 1;

    /// <summary>Its layers of <paramref name="total"/>: the first, and one past the last.</summary>
    /// <exception cref="Core.SglException">There are fewer layers than stages.</exception>
    public (int First, int End) Layers(int total)
    {
        if (total < Count) throw new Core.SglException($"the model has {total} layers, which cannot be cut into {Count} pipeline stages");
        return ((int)((long)total * Index / Count), (int)((long)total * (Index + 1) / Count));
    }
}
