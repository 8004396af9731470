using System.Runtime.CompilerServices;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Operations;

/// <summary>A function of one number, applied to vectors.</summary>
internal interface IActivation<TVector> where TVector : unmanaged
{
    static abstract TVector Apply(TVector x);
}

/// <summary>x · σ(x).</summary>
internal readonly struct SiluActivation<TSimd, TVector> : IActivation<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector x) => SimdMath<TSimd, TVector>.Silu(x);
}

/// <summary>GELU by the error function.</summary>
internal readonly struct GeluActivation<TSimd, TVector> : IActivation<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector x) => SimdMath<TSimd, TVector>.Gelu(x);
}

/// <summary>GELU by its tanh approximation.</summary>
internal readonly struct GeluTanhActivation<TSimd, TVector> : IActivation<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply(TVector x) => SimdMath<TSimd, TVector>.GeluTanh(x);
}
