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
}

/// <summary>One of the projections that a linear layer fuses.</summary>
/// <param name="Name">Its name in the checkpoint, such as <c>q_proj</c>.</param>
/// <param name="OutputSize">Its rows.</param>
public sealed record LinearPart(string Name, int OutputSize);

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
}
