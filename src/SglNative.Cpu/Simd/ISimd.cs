using System.Runtime.Intrinsics;

namespace SglNative.Cpu.Simd;

/// <summary>
/// What kernels ask of a vector of <see cref="Width"/> floats, so that each is written once and compiled for every width:
/// both type arguments are structs, hence the JIT makes one instantiation per pair and inlines these members into it.
/// Comparisons give masks, all ones or all zeros per lane.
/// </summary>
/// <typeparam name="TVector">The register type.</typeparam>
internal unsafe interface ISimd<TVector> where TVector : unmanaged
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>Activation rows that a GEMM tile of four weight rows keeps in registers without spilling: 1, 2, 4 or 6.</summary>
    static abstract int TileRows { get; }

    static abstract TVector Create(float value);
    static abstract TVector Load(float* source);
    static abstract void Store(float* destination, TVector value);

    /// <summary>Width numbers in their order.</summary>
    static abstract TVector LoadBFloat16(ushort* source);

    /// <summary>Rounds to nearest even; NaN stays NaN.</summary>
    static abstract void StoreBFloat16(ushort* destination, TVector value);

    /// <summary>Width numbers in their order; subnormals, infinities and NaN included.</summary>
    static abstract TVector LoadHalf(ushort* source);

    /// <summary>Elements 0, 2, 4 … of 2 · Width: one shift, where keeping the order would cost a shuffle too.</summary>
    static abstract TVector LoadBFloat16Even(ushort* source);

    /// <summary>Elements 1, 3, 5 … of 2 · Width.</summary>
    static abstract TVector LoadBFloat16Odd(ushort* source);

    static abstract TVector Add(TVector a, TVector b);
    static abstract TVector Subtract(TVector a, TVector b);
    static abstract TVector Multiply(TVector a, TVector b);
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a · b + c, fused where the processor has it.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Max(TVector a, TVector b);
    static abstract TVector Min(TVector a, TVector b);
    static abstract TVector Abs(TVector value);
    static abstract TVector Sqrt(TVector value);

    /// <summary>To the nearest integer, ties to even.</summary>
    static abstract TVector Round(TVector value);

    /// <summary>2^n of integral n in −127 … 128 by its exponent bits: −127 gives 0, 128 infinity.</summary>
    static abstract TVector PowerOfTwo(TVector n);

    /// <summary>Positive normal x as mantissa · 2^exponent with the mantissa in [√½, √2).</summary>
    static abstract TVector SplitExponent(TVector value, out TVector exponent);

    static abstract TVector LessThan(TVector a, TVector b);
    static abstract TVector AtLeast(TVector a, TVector b);
    static abstract TVector Select(TVector mask, TVector whenTrue, TVector whenFalse);

    /// <summary>True if any lane of the mask is set.</summary>
    static abstract bool Any(TVector mask);

    /// <summary>The sum of the lanes; one fixed order for each width.</summary>
    static abstract float Sum(TVector value);

    /// <summary>The largest lane.</summary>
    static abstract float MaxAcross(TVector value);

    /// <summary>The sums of the lanes of four vectors, each formed in one order whatever its place among the four.</summary>
    static abstract Vector128<float> Sum4(TVector a, TVector b, TVector c, TVector d);
}
