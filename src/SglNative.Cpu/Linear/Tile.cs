using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Linear;

/// <summary>
/// The inner kernel of every product x · wᵀ: up to six rows of x against four rows of w, 24 dot products at once. The order of
/// summation of each is a function of K and the vector width alone: one vector accumulator takes the products in steps of
/// 2 · Width elements along K (first vector of the step, then the second), the last step padded with zeros, and its lanes are
/// added at the end by <see cref="ISimd{TVector}.Sum4"/>. So an element of the result has the same bits in whatever tile, batch
/// or thread it is computed; independent dot products, not parts of one, fill the pipeline.
/// </summary>
internal static unsafe class Tile<TSimd, TVector, TWeight>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TWeight : struct, IWeight<TVector>
{
    /// <summary>Rows of w in a tile.</summary>
    public const int Columns = 4;

    /// <summary>Elements along K of one step.</summary>
    public static int Step => 2 * TSimd.Width;

    /// <summary>
    /// Writes <paramref name="rows"/> (1, 2, 4 or 6) vectors of four sums to <paramref name="sums"/>. x: rows of
    /// <paramref name="xStride"/> floats, packed and zero-padded to whole steps. w: four rows of <paramref name="count"/> elements;
    /// <paramref name="tails"/> holds their last, incomplete steps padded with zeros, one after the other, if count is no multiple.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int rows, float* x, long xStride, byte* w0, byte* w1, byte* w2, byte* w3, int count, byte* tails, Vector128<float>* sums)
    {
        switch (rows)
        {
            case 1: Run<OneRow>(x, xStride, w0, w1, w2, w3, count, tails, sums); break;
            case 2: Run<TwoRows>(x, xStride, w0, w1, w2, w3, count, tails, sums); break;
            case 4: Run<FourRows>(x, xStride, w0, w1, w2, w3, count, tails, sums); break;
            default: Run<SixRows>(x, xStride, w0, w1, w2, w3, count, tails, sums); break;
        }
    }

    // Written out for six rows; the JIT drops what a smaller constant TRows.Count leaves unused, accumulators included.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TRows>(float* x0, long xStride, byte* w0, byte* w1, byte* w2, byte* w3, int count, byte* tails, Vector128<float>* sums)
        where TRows : struct, ITileRows
    {
        var zero = TSimd.Create(0);
        TVector a0 = zero, b0 = zero, c0 = zero, d0 = zero;
        TVector a1 = zero, b1 = zero, c1 = zero, d1 = zero;
        TVector a2 = zero, b2 = zero, c2 = zero, d2 = zero;
        TVector a3 = zero, b3 = zero, c3 = zero, d3 = zero;
        TVector a4 = zero, b4 = zero, c4 = zero, d4 = zero;
        TVector a5 = zero, b5 = zero, c5 = zero, d5 = zero;
        float* x1 = x0 + xStride, x2 = x1 + xStride, x3 = x2 + xStride, x4 = x3 + xStride, x5 = x4 + xStride;
        var stepBytes = (long)Step * TWeight.ElementSize;
        var steps = count / Step;
        var padded = steps * Step != count;
        while (true)
        {
            for (; steps > 0; steps--)
            {
                TVector p = TWeight.First(w0), q = TWeight.First(w1), r = TWeight.First(w2), s = TWeight.First(w3);
                TVector v = TSimd.Load(x0);
                (a0, b0) = (TSimd.MultiplyAdd(p, v, a0), TSimd.MultiplyAdd(q, v, b0));
                (c0, d0) = (TSimd.MultiplyAdd(r, v, c0), TSimd.MultiplyAdd(s, v, d0));
                if (TRows.Count > 1)
                {
                    v = TSimd.Load(x1);
                    (a1, b1) = (TSimd.MultiplyAdd(p, v, a1), TSimd.MultiplyAdd(q, v, b1));
                    (c1, d1) = (TSimd.MultiplyAdd(r, v, c1), TSimd.MultiplyAdd(s, v, d1));
                }
                if (TRows.Count > 2)
                {
                    v = TSimd.Load(x2);
                    (a2, b2) = (TSimd.MultiplyAdd(p, v, a2), TSimd.MultiplyAdd(q, v, b2));
                    (c2, d2) = (TSimd.MultiplyAdd(r, v, c2), TSimd.MultiplyAdd(s, v, d2));
                    v = TSimd.Load(x3);
                    (a3, b3) = (TSimd.MultiplyAdd(p, v, a3), TSimd.MultiplyAdd(q, v, b3));
                    (c3, d3) = (TSimd.MultiplyAdd(r, v, c3), TSimd.MultiplyAdd(s, v, d3));
                }
                if (TRows.Count > 4)
                {
                    v = TSimd.Load(x4);
                    (a4, b4) = (TSimd.MultiplyAdd(p, v, a4), TSimd.MultiplyAdd(q, v, b4));
                    (c4, d4) = (TSimd.MultiplyAdd(r, v, c4), TSimd.MultiplyAdd(s, v, d4));
                    v = TSimd.Load(x5);
                    (a5, b5) = (TSimd.MultiplyAdd(p, v, a5), TSimd.MultiplyAdd(q, v, b5));
                    (c5, d5) = (TSimd.MultiplyAdd(r, v, c5), TSimd.MultiplyAdd(s, v, d5));
                }
                (p, q) = (TWeight.Second(w0), TWeight.Second(w1));
                (r, s) = (TWeight.Second(w2), TWeight.Second(w3));
                v = TSimd.Load(x0 + TSimd.Width);
                (a0, b0) = (TSimd.MultiplyAdd(p, v, a0), TSimd.MultiplyAdd(q, v, b0));
                (c0, d0) = (TSimd.MultiplyAdd(r, v, c0), TSimd.MultiplyAdd(s, v, d0));
                if (TRows.Count > 1)
                {
                    v = TSimd.Load(x1 + TSimd.Width);
                    (a1, b1) = (TSimd.MultiplyAdd(p, v, a1), TSimd.MultiplyAdd(q, v, b1));
                    (c1, d1) = (TSimd.MultiplyAdd(r, v, c1), TSimd.MultiplyAdd(s, v, d1));
                }
                if (TRows.Count > 2)
                {
                    v = TSimd.Load(x2 + TSimd.Width);
                    (a2, b2) = (TSimd.MultiplyAdd(p, v, a2), TSimd.MultiplyAdd(q, v, b2));
                    (c2, d2) = (TSimd.MultiplyAdd(r, v, c2), TSimd.MultiplyAdd(s, v, d2));
                    v = TSimd.Load(x3 + TSimd.Width);
                    (a3, b3) = (TSimd.MultiplyAdd(p, v, a3), TSimd.MultiplyAdd(q, v, b3));
                    (c3, d3) = (TSimd.MultiplyAdd(r, v, c3), TSimd.MultiplyAdd(s, v, d3));
                }
                if (TRows.Count > 4)
                {
                    v = TSimd.Load(x4 + TSimd.Width);
                    (a4, b4) = (TSimd.MultiplyAdd(p, v, a4), TSimd.MultiplyAdd(q, v, b4));
                    (c4, d4) = (TSimd.MultiplyAdd(r, v, c4), TSimd.MultiplyAdd(s, v, d4));
                    v = TSimd.Load(x5 + TSimd.Width);
                    (a5, b5) = (TSimd.MultiplyAdd(p, v, a5), TSimd.MultiplyAdd(q, v, b5));
                    (c5, d5) = (TSimd.MultiplyAdd(r, v, c5), TSimd.MultiplyAdd(s, v, d5));
                }
                w0 += stepBytes;
                w1 += stepBytes;
                w2 += stepBytes;
                w3 += stepBytes;
                x0 += Step;
                if (TRows.Count > 1) x1 += Step;
                if (TRows.Count > 2)
                {
                    x2 += Step;
                    x3 += Step;
                }
                if (TRows.Count > 4)
                {
                    x4 += Step;
                    x5 += Step;
                }
            }
            if (!padded) break;
            (padded, steps) = (false, 1);
            w0 = tails;
            w1 = tails + stepBytes;
            w2 = tails + 2 * stepBytes;
            w3 = tails + 3 * stepBytes;
        }
        sums[0] = TSimd.Sum4(a0, b0, c0, d0);
        if (TRows.Count > 1) sums[1] = TSimd.Sum4(a1, b1, c1, d1);
        if (TRows.Count > 2) sums[2] = TSimd.Sum4(a2, b2, c2, d2);
        if (TRows.Count > 2) sums[3] = TSimd.Sum4(a3, b3, c3, d3);
        if (TRows.Count > 4) sums[4] = TSimd.Sum4(a4, b4, c4, d4);
        if (TRows.Count > 4) sums[5] = TSimd.Sum4(a5, b5, c5, d5);
    }
}
