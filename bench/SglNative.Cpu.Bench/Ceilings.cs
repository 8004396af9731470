using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SglNative.Cpu.Bench;

/// <summary>What this machine gives at best to loops that do nothing else, on all threads at once.</summary>
internal static unsafe class Ceilings
{
    private const long Bytes = 512L << 20;

    /// <summary>Bytes per second of reading memory once, in order.</summary>
    public static double ReadBandwidth(int threads)
    {
        var data = (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, 4096);
        NativeMemory.Fill(data, (nuint)Bytes, 1);
        var share = Bytes / threads / 4096 * 4096;
        var best = Measure.Best(8, () => OnAll(threads, t => Sum(data + t * share, share)));
        NativeMemory.AlignedFree(data);
        return share * threads / best;
    }

    /// <summary>Float operations per second of independent fused multiply-adds in registers.</summary>
    public static double MultiplyAdds(int threads)
    {
        const int rounds = 20_000_000;
        var width = Avx512F.IsSupported ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;
        var best = Measure.Best(5, () => OnAll(threads, _ => Avx512F.IsSupported ? Chain512(rounds) : Chain256(rounds)));
        return 2.0 * rounds * 12 * width * threads / best;
    }

    private static void OnAll(int threads, Func<int, float> work)
    {
        var others = Enumerable.Range(1, threads - 1).Select(t => new Thread(() => GC.KeepAlive(work(t)))).ToArray();
        foreach (var thread in others) thread.Start();
        GC.KeepAlive(work(0));
        foreach (var thread in others) thread.Join();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum(byte* data, long bytes)
    {
        var (a, b, c, d) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        for (var i = 0L; i < bytes; i += 128)
        {
            a += Vector256.Load((int*)(data + i));
            b += Vector256.Load((int*)(data + i + 32));
            c += Vector256.Load((int*)(data + i + 64));
            d += Vector256.Load((int*)(data + i + 96));
        }
        return Vector256.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chain512(int rounds)
    {
        Vector512<float> a = Vector512<float>.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
        var (x, y) = (Vector512.Create(0.5f), Vector512.Create(0.25f));
        for (var n = 0; n < rounds; n++)
        {
            a = Avx512F.FusedMultiplyAdd(a, x, y); b = Avx512F.FusedMultiplyAdd(b, x, y); c = Avx512F.FusedMultiplyAdd(c, x, y);
            d = Avx512F.FusedMultiplyAdd(d, x, y); e = Avx512F.FusedMultiplyAdd(e, x, y); f = Avx512F.FusedMultiplyAdd(f, x, y);
            g = Avx512F.FusedMultiplyAdd(g, x, y); h = Avx512F.FusedMultiplyAdd(h, x, y); i = Avx512F.FusedMultiplyAdd(i, x, y);
            j = Avx512F.FusedMultiplyAdd(j, x, y); k = Avx512F.FusedMultiplyAdd(k, x, y); l = Avx512F.FusedMultiplyAdd(l, x, y);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chain256(int rounds)
    {
        Vector256<float> a = Vector256<float>.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
        var (x, y) = (Vector256.Create(0.5f), Vector256.Create(0.25f));
        for (var n = 0; n < rounds; n++)
        {
            a = Vector256.MultiplyAddEstimate(a, x, y); b = Vector256.MultiplyAddEstimate(b, x, y); c = Vector256.MultiplyAddEstimate(c, x, y);
            d = Vector256.MultiplyAddEstimate(d, x, y); e = Vector256.MultiplyAddEstimate(e, x, y); f = Vector256.MultiplyAddEstimate(f, x, y);
            g = Vector256.MultiplyAddEstimate(g, x, y); h = Vector256.MultiplyAddEstimate(h, x, y); i = Vector256.MultiplyAddEstimate(i, x, y);
            j = Vector256.MultiplyAddEstimate(j, x, y); k = Vector256.MultiplyAddEstimate(k, x, y); l = Vector256.MultiplyAddEstimate(l, x, y);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
