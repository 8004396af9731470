namespace SglNative.Models.Weights;

/// <summary>What a parameter holds when there is no checkpoint (<c>--load-format dummy</c>).</summary>
public enum ParameterInit
{
    /// <summary>N(0, 0.02²): matrices.</summary>
    Normal,
    /// <summary>1: norm weights.</summary>
    Ones,
    /// <summary>0: biases, and norms that add 1 themselves.</summary>
    Zeros,
}
