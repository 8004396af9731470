using System.Runtime.CompilerServices;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Linear;

/// <summary>
/// How a weight row of some storage type is read in steps of 2 · Width elements, as two vectors. For bfloat16 the first holds
/// the even and the second the odd elements, which costs one instruction each; activations are laid out the same way.
/// </summary>
internal unsafe interface IWeight<TVector> where TVector : unmanaged
{
    /// <summary>Bytes of an element.</summary>
    static abstract int ElementSize { get; }

    /// <summary>True if even elements come first, then odd ones.</summary>
    static abstract bool Interleaved { get; }

    static abstract TVector First(byte* step);
    static abstract TVector Second(byte* step);
}

/// <summary>float32 weights.</summary>
internal readonly unsafe struct Float32Weight<TSimd, TVector> : IWeight<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static int ElementSize => 4;

    public static bool Interleaved => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector First(byte* step) => TSimd.Load((float*)step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Second(byte* step) => TSimd.Load((float*)step + TSimd.Width);
}

/// <summary>bfloat16 weights.</summary>
internal readonly unsafe struct BFloat16Weight<TSimd, TVector> : IWeight<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static int ElementSize => 2;

    public static bool Interleaved => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector First(byte* step) => TSimd.LoadBFloat16Even((ushort*)step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Second(byte* step) => TSimd.LoadBFloat16Odd((ushort*)step);
}

/// <summary>float16 weights, converted as they are read.</summary>
internal readonly unsafe struct Float16Weight<TSimd, TVector> : IWeight<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static int ElementSize => 2;

    public static bool Interleaved => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector First(byte* step) => TSimd.LoadHalf((ushort*)step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Second(byte* step) => TSimd.LoadHalf((ushort*)step + TSimd.Width);
}
