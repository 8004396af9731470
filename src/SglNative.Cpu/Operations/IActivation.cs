using System.Runtime.CompilerServices;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Operations;

/// <summary>How a gated MLP joins its two halves, on vectors.</summary>
internal interface IActivation<TVector> where TVector : unmanaged
{
    static abstract TVector Combine(TVector gate, TVector up);
}

/// <summary>x · σ(x).</summary>
internal readonly struct SiluActivation<TSimd, TVector> : IActivation<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine(TVector gate, TVector up) => TSimd.Multiply(SimdMath<TSimd, TVector>.Silu(gate), up);
}

/// <summary>GELU by the error function.</summary>
internal readonly struct GeluActivation<TSimd, TVector> : IActivation<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine(TVector gate, TVector up) => TSimd.Multiply(SimdMath<TSimd, TVector>.Gelu(gate), up);
}

/// <summary>GELU by its tanh approximation.</summary>
internal readonly struct GeluTanhActivation<TSimd, TVector> : IActivation<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine(TVector gate, TVector up) => TSimd.Multiply(SimdMath<TSimd, TVector>.GeluTanh(gate), up);
}

/// <summary>gpt-oss: x · σ(1.702 x), times up + 1.</summary>
internal readonly struct SwigluOssActivation<TSimd, TVector> : IActivation<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine(TVector gate, TVector up)
    {
        var e = SimdMath<TSimd, TVector>.Exp(TSimd.Multiply(gate, TSimd.Create(-1.702f)));
        return TSimd.Multiply(TSimd.Divide(gate, TSimd.Add(TSimd.Create(1f), e)), TSimd.Add(up, TSimd.Create(1f)));
    }
}
