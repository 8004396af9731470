using System.Runtime.CompilerServices;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Sampling;

/// <summary>Log probabilities of rows of logits.</summary>
internal static unsafe class LogProbabilities<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Vectors whose exponentials are summed in float32 before they join the sum in double.</summary>
    private const int VectorsPerPartialSum = 32;

    /// <summary>A job's body: log softmax of one row at one token.</summary>
    public static void OfTokenRow(void* arguments, int row, int worker)
    {
        ref var job = ref *(SampleJob*)arguments;
        var logits = job.Logits + (long)row * job.Vocabulary;
        job.Values[row] = (float)(logits[job.Tokens[row]] - LogSumExp(logits, job.Vocabulary));
    }

    /// <summary>A job's body: the K largest of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TopOfRow(void* arguments, int row, int worker)
    {
        ref var job = ref *(SampleJob*)arguments;
        var logits = job.Logits + (long)row * job.Vocabulary;
        var ids = job.Tokens + (long)row * job.K;
        var values = job.Values + (long)row * job.K;
        var i = 0;
        for (; i < job.K; i++) Insert(ids, values, i, i, logits[i]);
        for (; i + TSimd.Width <= job.Vocabulary; i += TSimd.Width)
        {
            if (!TSimd.Any(TSimd.LessThan(TSimd.Create(values[job.K - 1]), TSimd.Load(logits + i)))) continue;
            for (var j = i; j < i + TSimd.Width; j++)
                if (logits[j] > values[job.K - 1]) Insert(ids, values, job.K - 1, j, logits[j]);
        }
        for (; i < job.Vocabulary; i++)
            if (logits[i] > values[job.K - 1]) Insert(ids, values, job.K - 1, i, logits[i]);

        var normalizer = LogSumExp(logits, job.Vocabulary);
        for (var k = 0; k < job.K; k++) values[k] = (float)(values[k] - normalizer);
    }

    /// <summary>ln Σ e^x, in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double LogSumExp(float* x, int count)
    {
        var max = TokenSampler<TSimd, TVector>.Max(x, count);
        if (float.IsInfinity(max)) return max;
        var shift = TSimd.Create(max);
        var total = 0.0;
        var i = 0;
        while (i + TSimd.Width <= count)
        {
            var sum = TSimd.Create(0);
            for (var v = 0; v < VectorsPerPartialSum && i + TSimd.Width <= count; v++, i += TSimd.Width)
                sum = TSimd.Add(sum, SimdMath<TSimd, TVector>.Exp(TSimd.Subtract(TSimd.Load(x + i), shift)));
            total += TSimd.Sum(sum);
        }
        for (; i < count; i++) total += Math.Exp(x[i] - max);
        return max + Math.Log(total);
    }

    /// <summary>Puts an entry at its place among the first <paramref name="filled"/>, after those equal to it; NaN counts as −∞.</summary>
    private static void Insert(int* ids, float* values, int filled, int id, float value)
    {
        if (float.IsNaN(value)) value = float.NegativeInfinity;
        var at = filled;
        for (; at > 0 && values[at - 1] < value; at--) (ids[at], values[at]) = (ids[at - 1], values[at - 1]);
        (ids[at], values[at]) = (id, value);
    }
}
