namespace SglNative.Cpu.Simd;

/// <summary>The vector instructions that kernels are instantiated for.</summary>
public enum SimdLevel
{
    /// <summary>The widest that the processor runs well.</summary>
    Auto,
    /// <summary>512-bit vectors: AVX-512 F, BW, DQ and VL.</summary>
    Avx512,
    /// <summary>256-bit vectors: AVX2 and FMA.</summary>
    Avx2,
    /// <summary>128-bit vectors: AdvSimd on Arm, SSE on x86.</summary>
    Vector128,
    /// <summary>One number at a time; for processors without vectors and for checking the others.</summary>
    Scalar,
}
