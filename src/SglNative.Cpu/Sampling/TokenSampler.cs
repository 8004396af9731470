using System.Numerics;
using System.Runtime.CompilerServices;
using SglNative.Cpu.Simd;
using SglNative.Models.Operations;

namespace SglNative.Cpu.Sampling;

/// <summary>Draws from a row of logits, by thresholds found without sorting: every pass over the vocabulary is linear.</summary>
internal static unsafe class TokenSampler<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Floats of scratch that a row needs: scaled logits, weights, and the histograms of the threshold search.</summary>
    public static int ScratchFloats(int vocabulary) => 2 * (vocabulary + 64) + ThresholdSearch.ScratchFloats;

    /// <summary>A job's body: the token of one row.</summary>
    public static void DrawRow(void* arguments, int row, int worker)
    {
        ref var job = ref *(SampleJob*)arguments;
        var logits = job.Logits + (long)row * job.Vocabulary;
        job.Tokens[row] = job.Temperature == null || !(job.Temperature[row] > 0)
            ? ArgMax(logits, job.Vocabulary)
            : Draw(logits, in job, row, (float*)job.Scratch[worker]);
    }

    /// <summary>The first of the largest; NaN counts as smallest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ArgMax(float* x, int count)
    {
        var max = Max(x, count);
        var i = 0;
        var wanted = TSimd.Create(max);
        // Skips what is below in whole vectors.
        for (; i + TSimd.Width <= count; i += TSimd.Width)
            if (TSimd.Any(TSimd.AtLeast(TSimd.Load(x + i), wanted))) break;
        for (; i < count; i++)
            if (x[i] == max) return i;
        return 0;
    }

    /// <summary>The largest number; −∞ if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* x, int count)
    {
        var max = TSimd.Create(float.NegativeInfinity);
        var i = 0;
        // Max returns its second operand for NaN, so one NaN does not hide what was found before it.
        for (; i + TSimd.Width <= count; i += TSimd.Width) max = TSimd.Max(TSimd.Load(x + i), max);
        var result = TSimd.MaxAcross(max);
        for (; i < count; i++) result = x[i] > result ? x[i] : result;
        return result;
    }

    private static int Draw(float* logits, in SampleJob job, int row, float* scratch)
    {
        var count = job.Vocabulary;
        var scaled = scratch;
        var weights = scratch + count + 64;
        Divide(logits, job.Temperature[row], scaled, count);
        var max = Max(scaled, count);
        // Without a finite maximum there are no probabilities: the greedy choice is all that is left.
        if (!float.IsFinite(max)) return ArgMax(scaled, count);

        var search = new ThresholdSearch(weights + count + 64);
        var threshold = float.NegativeInfinity;
        var k = job.TopK[row];
        if (k > 0 && k < count) threshold = search.KthLargest(scaled, count, k);
        if (job.TopP[row] < 1)
        {
            Weigh(scaled, max, threshold, weights, count);
            threshold = MathF.Max(threshold, search.SmallestOfMass(scaled, weights, count, job.TopP[row]));
        }
        if (job.MinP[row] > 0) threshold = MathF.Max(threshold, MathF.Min(max, max + MathF.Log(job.MinP[row])));
        return Perturb(scaled, count, threshold, job.Seed[row], job.Position[row]);
    }

    /// <summary>The token with the largest sum of scaled logit and noise among those at or above the threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Perturb(float* scaled, int count, float threshold, long seed, int position)
    {
        var stream = Ops.Mix(Ops.Mix((ulong)seed) ^ (uint)position);
        var best = float.NegativeInfinity;
        var token = -1;
        for (var i = 0; i < count; i++)
        {
            var z = scaled[i];
            // No noise exceeds 16.64.
            if (!(z >= threshold) || z + 16.7f < best) continue;
            // −ln(−ln u) ≤ −ln(1 − u) ≤ (24 − ⌊log2 r⌋) ln 2 with r = 2^23 − h: most tokens need no logarithm.
            var h = (uint)Ops.Mix(stream ^ (uint)i) >> 9;
            if (z + (24 - BitOperations.Log2((1u << 23) - h)) * 0.69315f < best) continue;
            var sum = z + Ops.GumbelNoise(seed, position, i);
            if (sum > best || token < 0) (best, token) = (sum, i);
        }
        return Math.Max(0, token);
    }

    /// <summary>x / divisor; NaN becomes −∞, which no draw takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide(float* x, float divisor, float* result, int count)
    {
        var i = 0;
        var least = TSimd.Create(float.NegativeInfinity);
        for (; i + TSimd.Width <= count; i += TSimd.Width)
        {
            var quotient = TSimd.Divide(TSimd.Load(x + i), TSimd.Create(divisor));
            TSimd.Store(result + i, TSimd.Select(TSimd.AtLeast(quotient, least), quotient, least));
        }
        for (; i < count; i++)
        {
            var quotient = x[i] / divisor;
            result[i] = quotient >= float.NegativeInfinity ? quotient : float.NegativeInfinity;
        }
    }

    /// <summary>weights = e^(x − max) of those at or above the threshold, 0 of the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weigh(float* x, float max, float threshold, float* weights, int count)
    {
        var (shift, zero, least) = (TSimd.Create(max), TSimd.Create(0), TSimd.Create(threshold));
        // Both buffers are padded, so the last vector may run over.
        for (var i = 0; i < count; i += TSimd.Width)
        {
            var value = TSimd.Load(x + i);
            TSimd.Store(weights + i, TSimd.Select(TSimd.AtLeast(value, least), SimdMath<TSimd, TVector>.Exp(TSimd.Subtract(value, shift)), zero));
        }
    }
}
