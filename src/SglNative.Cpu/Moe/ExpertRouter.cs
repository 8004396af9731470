using SglNative.Cpu.Sampling;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Moe;

/// <summary>Chooses experts, a token at a time; every choice is of the largest, and of the first among equals.</summary>
internal static unsafe class ExpertRouter<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Keeps a sum of weights that all vanished from being a divisor.</summary>
    private const float Tiny = 1e-20f;

    /// <summary>Floats of scratch: scores, what the choice goes by, and which are taken, each with room for a whole last vector.</summary>
    public static int ScratchFloats(int experts) => 3 * (experts + 64);

    /// <summary>A job's body.</summary>
    public static void RouteRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RouteJob*)arguments;
        var scores = (float*)job.Scratch[worker];
        var choice = scores + job.ExpertCount + 64;
        var taken = new Span<bool>(choice + job.ExpertCount + 64, job.ExpertCount);
        for (var token = job.Split.First(chunk); token < job.Split.End(chunk); token++)
        {
            Score((float*)job.Logits[token], scores, job.ExpertCount, job.Sigmoid);
            for (var e = 0; e < job.ExpertCount; e++) choice[e] = job.Correction == null ? scores[e] : scores[e] + job.Correction[e];
            taken.Clear();
            if (job.TopGroups < job.Groups) LeaveOutGroups(in job, choice, taken);

            var experts = job.Experts + (long)token * job.TopK;
            var weights = job.Weights + (long)token * job.TopK;
            var sum = 0f;
            for (var k = 0; k < job.TopK; k++)
            {
                experts[k] = TakeLargest(choice, taken);
                weights[k] = scores[experts[k]];
                sum += weights[k];
            }
            for (var k = 0; k < job.TopK; k++) weights[k] = (job.Renormalize ? weights[k] / (sum + Tiny) : weights[k]) * job.Scale;
        }
    }

    private static void Score(float* logits, float* scores, int count, bool sigmoid)
    {
        // The last vector runs into the padding, whose sums nobody takes.
        new Span<float>(logits, count).CopyTo(new Span<float>(scores, count));
        var one = TSimd.Create(1);
        var shift = TSimd.Create(sigmoid ? 0 : TokenSampler<TSimd, TVector>.Max(logits, count));
        for (var i = 0; i < count; i += TSimd.Width)
        {
            var x = TSimd.Subtract(TSimd.Load(scores + i), shift);
            TSimd.Store(scores + i, sigmoid
                ? TSimd.Divide(one, TSimd.Add(one, SimdMath<TSimd, TVector>.Exp(TSimd.Subtract(TSimd.Create(0), x))))
                : SimdMath<TSimd, TVector>.Exp(x));
        }
        if (sigmoid) return;
        var sum = 0f;
        for (var i = 0; i < count; i++) sum += scores[i];
        for (var i = 0; i < count; i++) scores[i] /= sum;
    }

    /// <summary>Marks the experts of all but the best groups as taken.</summary>
    private static void LeaveOutGroups(in RouteJob job, float* choice, Span<bool> taken)
    {
        var size = job.ExpertCount / job.Groups;
        var groupScores = stackalloc float[job.Groups];
        Span<bool> chosen = stackalloc bool[job.Groups];
        for (var g = 0; g < job.Groups; g++)
        {
            var members = taken.Slice(g * size, size);
            groupScores[g] = 0;
            for (var i = 0; i < job.GroupScoreCount; i++) groupScores[g] += choice[g * size + TakeLargest(choice + g * size, members)];
            members.Clear();
        }
        chosen.Clear();
        for (var i = 0; i < job.TopGroups; i++) TakeLargest(groupScores, chosen);
        for (var g = 0; g < job.Groups; g++)
            if (!chosen[g]) taken.Slice(g * size, size).Fill(true);
    }

    private static int TakeLargest(float* values, Span<bool> taken)
    {
        var best = -1;
        for (var i = 0; i < taken.Length; i++)
            if (!taken[i] && (best < 0 || values[i] > values[best])) best = i;
        taken[best] = true;
        return best;
    }
}
