namespace SglNative.Models.Operations;

/// <summary>What the first half of an expert does besides its matrix product; fixed when a layer is built.</summary>
public sealed record ExpertOptions
{
    /// <summary>Function of the gate.</summary>
    public GatedActivation Activation { get; init; }

    /// <summary>Gates are capped at this, and ups at ± this, before the activation; 0 for no cap.</summary>
    public float Limit { get; init; }

    /// <summary>
    /// Whether a token's weight multiplies what goes into the expert rather than what comes out of it (Llama 4). As a product with
    /// a matrix is linear, it multiplies gate and up before their biases.
    /// </summary>
    public bool WeightInput { get; init; }
}
