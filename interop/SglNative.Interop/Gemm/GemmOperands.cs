namespace SglNative.Interop.Gemm;

/// <summary>Device addresses and factors of one product; aligned to 16 bytes for speed, to the element for correctness.</summary>
/// <param name="A">Elements of A.</param>
/// <param name="B">Elements of B.</param>
/// <param name="C">Elements of C: written, and read when beta is not 0.</param>
public readonly record struct GemmOperands(nint A, nint B, nint C)
{
    /// <summary>[N] values of C's type, for <see cref="GemmEpilogue.Bias"/>.</summary>
    public nint Bias { get; init; }

    /// <summary>Factor of the product.</summary>
    public float Alpha { get; init; } = 1f;

    /// <summary>Factor of what C held; 0 means that C is not read.</summary>
    public float Beta { get; init; }

    /// <summary>One float32 on the device by which A is multiplied (fp8); 0: none.</summary>
    public nint ScaleA { get; init; }

    /// <summary>One float32 on the device by which B is multiplied (fp8); 0: none.</summary>
    public nint ScaleB { get; init; }
}
