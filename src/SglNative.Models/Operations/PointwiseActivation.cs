namespace SglNative.Models.Operations;

/// <summary>A function of one number.</summary>
public enum PointwiseActivation
{
    /// <summary>The number itself.</summary>
    None,
    /// <summary>x · σ(x).</summary>
    Silu,
}
