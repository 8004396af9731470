using System.Runtime.CompilerServices;
using SglNative.Core.Tensors;
using SglNative.Cpu.Operations;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Recurrent;

/// <summary>
/// The gated delta rule, token by token: columns of the state do not meet, so each block of them runs through a sequence by itself.
/// The arithmetic of a token is the same wherever a prompt is cut and whatever else is in the batch.
/// </summary>
internal static unsafe class DeltaRuleKernel<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Floats of scratch that a thread needs.</summary>
    public static int ScratchFloats(in DeltaRuleJob job) => 2 * job.KeyDim + 2 * DeltaRuleJob.Block;

    public static void Run(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(DeltaRuleJob*)arguments;
        var (block, head, sequence) = (chunk % job.Blocks, chunk / job.Blocks % job.ValueHeads, chunk / job.Blocks / job.ValueHeads);
        var (first, end) = (job.Sequences.First(sequence), job.Sequences.End(sequence));
        if (first == end) return;
        var column = block * DeltaRuleJob.Block;
        var columns = Math.Min(DeltaRuleJob.Block, job.ValueDim - column);
        var state = job.State + ((long)job.Sequences.Slot(sequence) * job.ValueHeads + head) * job.KeyDim * job.ValueDim + column;
        if (job.Sequences.IsFresh(sequence))
            for (var row = 0; row < job.KeyDim; row++) new Span<float>(state + (long)row * job.ValueDim, columns).Clear();

        var keyScratch = (float*)job.Scratch[worker];
        var queryScratch = keyScratch + job.KeyDim;
        var valueScratch = queryScratch + job.KeyDim;
        var outputScratch = valueScratch + DeltaRuleJob.Block;
        var keyHead = head / (job.ValueHeads / job.KeyHeads);
        for (var token = first; token < end; token++)
        {
            var keyRow = token * job.KeyHeads + keyHead;
            Conversion<TSimd, TVector>.ToFloat(job.Key[keyRow], job.Key.DType, keyScratch, job.KeyDim);
            Conversion<TSimd, TVector>.ToFloat(job.Query[keyRow], job.Query.DType, queryScratch, job.KeyDim);
            Normalize(keyScratch, job.KeyDim, 1, job.Eps);
            Normalize(queryScratch, job.KeyDim, job.Scale, job.Eps);
            var row = token * job.ValueHeads + head;
            var size = job.Value.DType.Size();
            Conversion<TSimd, TVector>.ToFloat(job.Value[row] + column * size, job.Value.DType, valueScratch, columns);
            var decay = MathF.Exp(job.LogDecay[token * job.LogDecayStride + head]);
            Step(state, job.ValueDim, keyScratch, queryScratch, job.KeyDim, valueScratch, outputScratch, columns, decay, job.Beta[token * job.BetaStride + head]);
            Conversion<TSimd, TVector>.FromFloat(outputScratch, job.Output[row] + column * job.Output.DType.Size(), job.Output.DType, columns);
        }
    }

    // x · scale / √(Σx² + eps).
    private static void Normalize(float* x, int count, float scale, float eps)
    {
        var factor = scale / MathF.Sqrt(Dot(x, x, count) + eps);
        var i = 0;
        for (; i + TSimd.Width <= count; i += TSimd.Width) TSimd.Store(x + i, TSimd.Multiply(TSimd.Load(x + i), TSimd.Create(factor)));
        for (; i < count; i++) x[i] *= factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(float* x, float* y, int count)
    {
        var sums = TSimd.Create(0);
        var i = 0;
        for (; i + TSimd.Width <= count; i += TSimd.Width) sums = TSimd.MultiplyAdd(TSimd.Load(x + i), TSimd.Load(y + i), sums);
        var sum = TSimd.Sum(sums);
        for (; i < count; i++) sum += x[i] * y[i];
        return sum;
    }

    // Both products with the state are taken before it changes: with S' = g·S + k⊗δ, qᵀS' = g·qᵀS + (q·k)·δ.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Step(
        float* state, long stride, float* key, float* query, int keys, float* value, float* output, int columns, float decay, float beta)
    {
        var match = Dot(query, key, keys);
        var (g, b, m) = (TSimd.Create(decay), TSimd.Create(beta), TSimd.Create(match));
        var i = 0;
        for (; i + 4 * TSimd.Width <= columns; i += 4 * TSimd.Width)
        {
            TVector k0 = TSimd.Create(0), k1 = k0, k2 = k0, k3 = k0, q0 = k0, q1 = k0, q2 = k0, q3 = k0;
            var s = state + i;
            for (var row = 0; row < keys; row++, s += stride)
            {
                var (k, q) = (TSimd.Create(key[row]), TSimd.Create(query[row]));
                var (s0, s1) = (TSimd.Load(s), TSimd.Load(s + TSimd.Width));
                var (s2, s3) = (TSimd.Load(s + 2 * TSimd.Width), TSimd.Load(s + 3 * TSimd.Width));
                (k0, k1) = (TSimd.MultiplyAdd(s0, k, k0), TSimd.MultiplyAdd(s1, k, k1));
                (k2, k3) = (TSimd.MultiplyAdd(s2, k, k2), TSimd.MultiplyAdd(s3, k, k3));
                (q0, q1) = (TSimd.MultiplyAdd(s0, q, q0), TSimd.MultiplyAdd(s1, q, q1));
                (q2, q3) = (TSimd.MultiplyAdd(s2, q, q2), TSimd.MultiplyAdd(s3, q, q3));
            }
            k0 = Change(value + i, k0, g, b);
            k1 = Change(value + i + TSimd.Width, k1, g, b);
            k2 = Change(value + i + 2 * TSimd.Width, k2, g, b);
            k3 = Change(value + i + 3 * TSimd.Width, k3, g, b);
            TSimd.Store(output + i, TSimd.MultiplyAdd(m, k0, TSimd.Multiply(g, q0)));
            TSimd.Store(output + i + TSimd.Width, TSimd.MultiplyAdd(m, k1, TSimd.Multiply(g, q1)));
            TSimd.Store(output + i + 2 * TSimd.Width, TSimd.MultiplyAdd(m, k2, TSimd.Multiply(g, q2)));
            TSimd.Store(output + i + 3 * TSimd.Width, TSimd.MultiplyAdd(m, k3, TSimd.Multiply(g, q3)));
            s = state + i;
            for (var row = 0; row < keys; row++, s += stride)
            {
                var k = TSimd.Create(key[row]);
                TSimd.Store(s, TSimd.MultiplyAdd(k, k0, TSimd.Multiply(g, TSimd.Load(s))));
                TSimd.Store(s + TSimd.Width, TSimd.MultiplyAdd(k, k1, TSimd.Multiply(g, TSimd.Load(s + TSimd.Width))));
                TSimd.Store(s + 2 * TSimd.Width, TSimd.MultiplyAdd(k, k2, TSimd.Multiply(g, TSimd.Load(s + 2 * TSimd.Width))));
                TSimd.Store(s + 3 * TSimd.Width, TSimd.MultiplyAdd(k, k3, TSimd.Multiply(g, TSimd.Load(s + 3 * TSimd.Width))));
            }
        }
        for (; i + TSimd.Width <= columns; i += TSimd.Width)
        {
            TVector k0 = TSimd.Create(0), q0 = k0;
            var s = state + i;
            for (var row = 0; row < keys; row++, s += stride)
            {
                var s0 = TSimd.Load(s);
                k0 = TSimd.MultiplyAdd(s0, TSimd.Create(key[row]), k0);
                q0 = TSimd.MultiplyAdd(s0, TSimd.Create(query[row]), q0);
            }
            k0 = Change(value + i, k0, g, b);
            TSimd.Store(output + i, TSimd.MultiplyAdd(m, k0, TSimd.Multiply(g, q0)));
            s = state + i;
            for (var row = 0; row < keys; row++, s += stride) TSimd.Store(s, TSimd.MultiplyAdd(TSimd.Create(key[row]), k0, TSimd.Multiply(g, TSimd.Load(s))));
        }
        for (; i < columns; i++)
        {
            float k0 = 0, q0 = 0;
            for (var row = 0; row < keys; row++) (k0, q0) = (k0 + state[row * stride + i] * key[row], q0 + state[row * stride + i] * query[row]);
            k0 = beta * (value[i] - decay * k0);
            output[i] = decay * q0 + match * k0;
            for (var row = 0; row < keys; row++) state[row * stride + i] = decay * state[row * stride + i] + key[row] * k0;
        }
    }

    // δ = beta · (v − g · kᵀS).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Change(float* value, TVector remembered, TVector decay, TVector beta) =>
        TSimd.Multiply(beta, TSimd.Subtract(TSimd.Load(value), TSimd.Multiply(decay, remembered)));
}
