namespace SglNative.Cpu.Simd;

/// <summary>Bit patterns of IEEE single precision.</summary>
internal static class FloatFormat
{
    public const int MantissaMask = 0x007fffff;

    /// <summary>√½: subtracting it first makes the exponent field change at √½ · 2^n instead of at 2^n.</summary>
    public const int SqrtHalfBits = 0x3f3504f3;
}

/// <summary>What turns half precision bits into single precision.</summary>
internal static class HalfFormat
{
    /// <summary>2^112: with the ten mantissa bits moved to their place, this corrects the exponent's bias, subnormals included.</summary>
    public const float ExponentScale = 5.192296858534828e33f;
}
