namespace SglNative.Interop.Gemm;

/// <summary>What a GEMM does to its result before it stores it.</summary>
public enum GemmEpilogue
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>Adds <see cref="GemmOperands.Bias"/> [N] to every row.</summary>
    Bias,
}
