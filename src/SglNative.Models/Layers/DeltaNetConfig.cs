namespace SglNative.Models.Layers;

/// <summary>The numbers of a gated DeltaNet block.</summary>
public sealed record DeltaNetConfig
{
    /// <summary>H, the width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Heads of queries and keys.</summary>
    public required int KeyHeads { get; init; }

    /// <summary>Heads of values, each with a state; a multiple of <see cref="KeyHeads"/>.</summary>
    public required int ValueHeads { get; init; }

    /// <summary>Elements of a query and of a key.</summary>
    public required int KeyDim { get; init; }

    /// <summary>Elements of a value.</summary>
    public required int ValueDim { get; init; }

    /// <summary>Taps of the convolution before the recurrence.</summary>
    public required int Taps { get; init; }

    /// <summary>Epsilon of the norm after the recurrence.</summary>
    public required float NormEps { get; init; }
}
