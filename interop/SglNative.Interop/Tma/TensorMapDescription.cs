using SglNative.Core.Tensors;

namespace SglNative.Interop.Tma;

/// <summary>
/// A tensor in device memory and the box that one instruction moves. Dimensions are given innermost first. The instruction's
/// innermost coordinate, which may be negative, must be a multiple of 16 bytes: any other ends the kernel with an illegal instruction.
/// </summary>
/// <param name="address">First element; a multiple of 16 bytes.</param>
/// <param name="type">Element type.</param>
/// <param name="sizes">Elements of the 1 to 5 dimensions.</param>
/// <param name="strides">Bytes between neighbours along every dimension but the innermost; multiples of 16.</param>
/// <param name="box">Elements of the box, each at most 256; the innermost row is a multiple of 16 bytes and fits the swizzle.</param>
public readonly ref struct TensorMapDescription(
    nint address, DType type, ReadOnlySpan<ulong> sizes, ReadOnlySpan<ulong> strides, ReadOnlySpan<uint> box)
{
    /// <summary>First element.</summary>
    public nint Address { get; } = address;

    /// <summary>Element type.</summary>
    public DType Type { get; } = type;

    /// <summary>Elements of each dimension, innermost first.</summary>
    public ReadOnlySpan<ulong> Sizes { get; } = sizes;

    /// <summary>Bytes between neighbours of dimension 1, 2 ….</summary>
    public ReadOnlySpan<ulong> Strides { get; } = strides;

    /// <summary>Elements of the box, innermost first.</summary>
    public ReadOnlySpan<uint> Box { get; } = box;

    /// <summary>Every how many elements one is taken, per dimension; empty: every one.</summary>
    public ReadOnlySpan<uint> ElementStrides { get; init; }

    /// <summary>How rows are permuted in shared memory.</summary>
    public TensorMapSwizzle Swizzle { get; init; }

    /// <summary>How much the L2 cache fetches at a time.</summary>
    public TensorMapPromotion Promotion { get; init; }

    /// <summary>Elements outside the tensor read as NaN instead of 0.</summary>
    public bool FillWithNaN { get; init; }
}
