using SglNative.Models.Parallelism;

namespace SglNative.Models.Layers;

/// <summary>How a linear layer's weight is split over tensor-parallel ranks.</summary>
public enum LinearSplit
{
    /// <summary>Every rank holds the whole weight.</summary>
    Replicated,
    /// <summary>Ranks hold rows of the weight: each computes a part of the output.</summary>
    Column,
    /// <summary>Ranks hold columns of the weight: outputs are summed over the ranks.</summary>
    Row,
    /// <summary>As <see cref="Column"/>, where rows are tokens: filled up with zeros until they divide.</summary>
    Vocabulary,
}

/// <summary>One of the projections that a linear layer fuses.</summary>
/// <param name="Name">Its name in the checkpoint, such as <c>q_proj</c>.</param>
/// <param name="OutputSize">Its rows.</param>
/// <param name="Heads">
/// Heads that its rows make, none of which is cut; where there are fewer than ranks, several ranks hold the same one. 0 where any row may go
/// to any rank.
/// </param>
public sealed record LinearPart(string Name, int OutputSize, int Heads = 0);

/// <summary>What a model says of a linear layer; how it is stored and computed is the <see cref="LinearMethod"/>'s.</summary>
/// <param name="Name">Its name in the module tree, such as <c>qkv_proj</c>.</param>
/// <param name="InputSize">K, the columns of the weight.</param>
/// <param name="Parts">The projections it fuses, top to bottom; one for a plain layer.</param>
/// <param name="Split">How it is split over ranks.</param>
/// <param name="Bias">Whether it adds a bias.</param>
public sealed record LinearSpec(string Name, int InputSize, IReadOnlyList<LinearPart> Parts, LinearSplit Split, bool Bias = false)
{
    /// <summary>
    /// Whether an input in float32 is not to be rounded to the type of the weight; see <see cref="Operations.Ops.LinearOfTwoTerms"/>. For
    /// results that enter differences which may nearly cancel. Without a bias.
    /// </summary>
    public bool Exact { get; init; }

    /// <summary>N, the rows of all parts.</summary>
    public int OutputSize => Parts.Sum(part => part.OutputSize);

    /// <summary>
    /// Whether a layer that is split by input sums its outputs over the ranks; where not, the caller does
    /// (<see cref="Operations.Ops.AllReduce"/>), together with what else is to be summed.
    /// </summary>
    public bool Reduce { get; init; } = true;

    /// <summary>Several projections of one input, split by output.</summary>
    public static LinearSpec Fused(string name, int inputSize, bool bias, params IReadOnlyList<LinearPart> parts) =>
        new(name, inputSize, parts, LinearSplit.Column, bias);

    /// <summary>One projection split by output.</summary>
    public static LinearSpec Column(string name, int inputSize, int outputSize, bool bias = false) =>
        new(name, inputSize, [new LinearPart(name, outputSize)], LinearSplit.Column, bias);

    /// <summary>One projection that every rank holds whole.</summary>
    public static LinearSpec Replicated(string name, int inputSize, int outputSize, bool bias = false) =>
        new(name, inputSize, [new LinearPart(name, outputSize)], LinearSplit.Replicated, bias);

    /// <summary>One projection split by input.</summary>
    public static LinearSpec Row(string name, int inputSize, int outputSize, bool bias = false) =>
        new(name, inputSize, [new LinearPart(name, outputSize)], LinearSplit.Row, bias);

    /// <summary>A projection to the tokens of a vocabulary, split by token.</summary>
    public static LinearSpec Vocabulary(string name, int inputSize, int tokens, bool bias = false) =>
        new(name, inputSize, [new LinearPart(name, tokens)], LinearSplit.Vocabulary, bias);

    /// <summary>The rows of <paramref name="part"/> that a rank computes, and the first <c>Filled</c> of them that the checkpoint has.</summary>
    /// <exception cref="Core.SglException">They do not divide.</exception>
    public (long Start, long Rows, long Filled) RowsOf(LinearPart part, ParallelContext ranks, string name)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(ranks);
        switch (Split)
        {
            case LinearSplit.Column when part.Heads > 0:
                var (head, heads) = ranks.ShardOrCopy(part.Heads, $"{name} heads");
                var width = part.OutputSize / part.Heads;
                return (head * width, heads * width, heads * width);
            case LinearSplit.Column:
                var (start, length) = ranks.Shard(part.OutputSize, $"{name} output size");
                return (start, length, length);
            case LinearSplit.Vocabulary:
                return ranks.ShardVocabulary(part.OutputSize);
            default:
                return (0, part.OutputSize, part.OutputSize);
        }
    }

    /// <summary>The columns of the weight that a rank holds.</summary>
    /// <exception cref="Core.SglException">They do not divide.</exception>
    public (long Start, long Length) ColumnsOf(ParallelContext ranks, string name)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        return Split == LinearSplit.Row ? ranks.Shard(InputSize, $"{name} input size") : (0, InputSize);
    }
}
