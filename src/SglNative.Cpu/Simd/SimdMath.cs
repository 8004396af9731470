using System.Runtime.CompilerServices;

namespace SglNative.Cpu.Simd;

/// <summary>
/// Elementary functions on vectors, to about one unit in the last place. The polynomials are minimax fits made for this file on
/// the intervals that the argument reductions leave; highest power first.
/// </summary>
internal static class SimdMath<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>e^x over the whole range: 0 below −104, infinity above 88.73, subnormal results included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        // Max and Min return their second operand for NaN, which therefore stays NaN.
        var clamped = TSimd.Min(TSimd.Create(89f), TSimd.Max(TSimd.Create(-105f), x));
        var n = TSimd.Round(TSimd.Multiply(clamped, TSimd.Create(1.44269504f)));
        // ln 2 in two parts, the first of so few bits that n times it is exact with or without a fused multiply-add.
        var r = TSimd.MultiplyAdd(n, TSimd.Create(-0.693359375f), clamped);
        r = TSimd.MultiplyAdd(n, TSimd.Create(2.12194440e-4f), r);
        var p = TSimd.Create(0.00139269268f);
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(0.00836377405f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(0.0416665487f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(0.166665733f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(0.5f));
        p = TSimd.MultiplyAdd(TSimd.Multiply(r, r), p, r);
        p = TSimd.Add(p, TSimd.Create(1f));
        // 2^n in two factors: n itself runs from −152 to 128, past what one exponent field holds.
        var half = TSimd.Round(TSimd.Multiply(n, TSimd.Create(0.5f)));
        return TSimd.Multiply(TSimd.Multiply(p, TSimd.PowerOfTwo(half)), TSimd.PowerOfTwo(TSimd.Subtract(n, half)));
    }

    /// <summary>ln x of positive normal x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log(TVector x)
    {
        var f = TSimd.Subtract(TSimd.SplitExponent(x, out var e), TSimd.Create(1f));
        var p = TSimd.Create(0.0698070228f);
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(-0.114945464f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(0.116890714f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(-0.124240376f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(0.142485514f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(-0.166678503f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(0.200007305f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(-0.24999997f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Create(0.333333313f));
        var f2 = TSimd.Multiply(f, f);
        var tail = TSimd.MultiplyAdd(TSimd.Multiply(f2, f), p, TSimd.Multiply(e, TSimd.Create(-2.12194440e-4f)));
        tail = TSimd.MultiplyAdd(f2, TSimd.Create(-0.5f), tail);
        return TSimd.MultiplyAdd(e, TSimd.Create(0.693359375f), TSimd.Add(f, tail));
    }

    /// <summary>cos 2πu and sin 2πu of u in [0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector CosSin2Pi(TVector u, out TVector sin)
    {
        var quarters = TSimd.Multiply(u, TSimd.Create(4f));
        var q = TSimd.Round(quarters);
        var x = TSimd.Multiply(TSimd.Subtract(quarters, q), TSimd.Create(1.57079633f));
        var x2 = TSimd.Multiply(x, x);
        var s = TSimd.Create(2.72438115e-06f);
        s = TSimd.MultiplyAdd(s, x2, TSimd.Create(-0.00019840039f));
        s = TSimd.MultiplyAdd(s, x2, TSimd.Create(0.00833333191f));
        s = TSimd.MultiplyAdd(s, x2, TSimd.Create(-0.166666672f));
        s = TSimd.MultiplyAdd(TSimd.Multiply(x2, x), s, x);
        var c = TSimd.Create(-2.72958573e-07f);
        c = TSimd.MultiplyAdd(c, x2, TSimd.Create(2.48005599e-05f));
        c = TSimd.MultiplyAdd(c, x2, TSimd.Create(-0.00138888881f));
        c = TSimd.MultiplyAdd(c, x2, TSimd.Create(0.0416666679f));
        c = TSimd.MultiplyAdd(TSimd.Multiply(x2, x2), c, TSimd.MultiplyAdd(x2, TSimd.Create(-0.5f), TSimd.Create(1f)));
        // q is 0 … 4. An odd quarter swaps the two; then each has the sign of its quadrant.
        var half = TSimd.Multiply(q, TSimd.Create(0.5f));
        var odd = TSimd.LessThan(TSimd.Create(0.25f), TSimd.Abs(TSimd.Subtract(half, TSimd.Round(half))));
        // Round takes ties to even, so the distance of an odd quarter to the nearest half is ½ either way.
        var cos = TSimd.Select(odd, s, c);
        sin = TSimd.Select(odd, c, s);
        var zero = TSimd.Create(0f);
        var cosNegative = TSimd.LessThan(TSimd.Abs(TSimd.Subtract(q, TSimd.Create(1.5f))), TSimd.Create(1f));
        var sinNegative = TSimd.LessThan(TSimd.Abs(TSimd.Subtract(q, TSimd.Create(2.5f))), TSimd.Create(1f));
        sin = TSimd.Select(sinNegative, TSimd.Subtract(zero, sin), sin);
        return TSimd.Select(cosNegative, TSimd.Subtract(zero, cos), cos);
    }

    /// <summary>x · σ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Silu(TVector x) =>
        TSimd.Divide(x, TSimd.Add(TSimd.Create(1f), Exp(TSimd.Subtract(TSimd.Create(0f), x))));

    /// <summary>½x · (1 + tanh √(2/π)(x + 0.044715x³)), written as x · σ of twice the argument, which does not cancel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector GeluTanh(TVector x)
    {
        var inner = TSimd.MultiplyAdd(TSimd.Multiply(TSimd.Multiply(x, x), x), TSimd.Create(0.044715f), x);
        var e = Exp(TSimd.Multiply(inner, TSimd.Create(-1.59576912f)));
        return TSimd.Divide(x, TSimd.Add(TSimd.Create(1f), e));
    }

    /// <summary>x · Φ(x), Φ from the complementary error function, so that the left tail keeps its relative precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Gelu(TVector x)
    {
        var half = TSimd.Multiply(TSimd.Create(0.5f), Erfc(TSimd.Multiply(TSimd.Abs(x), TSimd.Create(0.707106781f))));
        var phi = TSimd.Select(TSimd.LessThan(x, TSimd.Create(0f)), half, TSimd.Subtract(TSimd.Create(1f), half));
        return TSimd.Multiply(x, phi);
    }

    /// <summary>tanh x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        var a = TSimd.Abs(x);
        var x2 = TSimd.Multiply(x, x);
        var p = TSimd.Create(0.00229274482f);
        p = TSimd.MultiplyAdd(p, x2, TSimd.Create(-0.00834394526f));
        p = TSimd.MultiplyAdd(p, x2, TSimd.Create(0.0217689183f));
        p = TSimd.MultiplyAdd(p, x2, TSimd.Create(-0.0539592579f));
        p = TSimd.MultiplyAdd(p, x2, TSimd.Create(0.133333042f));
        p = TSimd.MultiplyAdd(p, x2, TSimd.Create(-0.333333343f));
        var near = TSimd.MultiplyAdd(TSimd.Multiply(x2, x), p, x);
        var e = Exp(TSimd.Add(a, a));
        var far = TSimd.Subtract(TSimd.Create(1f), TSimd.Divide(TSimd.Create(2f), TSimd.Add(e, TSimd.Create(1f))));
        far = TSimd.Select(TSimd.LessThan(x, TSimd.Create(0f)), TSimd.Subtract(TSimd.Create(0f), far), far);
        return TSimd.Select(TSimd.LessThan(a, TSimd.Create(0.625f)), near, far);
    }

    /// <summary>erfc z of z ≥ 0: e^(−z²) times a polynomial in (z − 3) / (z + 3), over 1 + 2z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Erfc(TVector z)
    {
        // Past 11 the result is 0 in single precision; the clamp keeps ∞ out of ∞ / ∞.
        z = TSimd.Min(TSimd.Create(11f), z);
        var t = TSimd.Divide(TSimd.Subtract(z, TSimd.Create(3f)), TSimd.Add(z, TSimd.Create(3f)));
        var p = TSimd.Create(-0.000260164321f);
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-0.000753347995f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(0.00202250341f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(0.00256325305f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-0.0238100924f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(0.0682931319f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-0.119268902f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(0.129647031f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-0.0475625023f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(-0.13562116f));
        p = TSimd.MultiplyAdd(p, t, TSimd.Create(1.25300801f));
        // z² rounded loses up to z² ulps of e^(−z²); the remainder, exact where the multiply-add is fused, is put back.
        var square = TSimd.Multiply(z, z);
        var rest = TSimd.MultiplyAdd(z, z, TSimd.Subtract(TSimd.Create(0f), square));
        var e = Exp(TSimd.Subtract(TSimd.Create(0f), square));
        e = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Create(0f), rest), e, e);
        return TSimd.Divide(TSimd.Multiply(e, p), TSimd.MultiplyAdd(TSimd.Create(2f), z, TSimd.Create(1f)));
    }
}
