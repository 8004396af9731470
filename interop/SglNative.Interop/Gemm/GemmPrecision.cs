namespace SglNative.Interop.Gemm;

/// <summary>How float32 operands are multiplied; has no meaning for other types.</summary>
public enum GemmPrecision
{
    /// <summary>All bits of the operands count.</summary>
    Float32,
    /// <summary>Operands are rounded to TF32 (10 bits of mantissa), which is many times faster.</summary>
    TensorFloat32,
}
