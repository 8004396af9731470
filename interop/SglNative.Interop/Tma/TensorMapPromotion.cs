namespace SglNative.Interop.Tma;

/// <summary>How much the L2 cache fetches at a time. Numbers as CUDA's.</summary>
public enum TensorMapPromotion
{
    /// <summary>What is asked for.</summary>
    None = 0,
    /// <summary>64 bytes.</summary>
    Bytes64 = 1,
    /// <summary>128 bytes.</summary>
    Bytes128 = 2,
    /// <summary>256 bytes.</summary>
    Bytes256 = 3,
}
