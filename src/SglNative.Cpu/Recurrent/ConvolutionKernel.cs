using System.Runtime.CompilerServices;
using SglNative.Core.Tensors;
using SglNative.Cpu.Operations;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Recurrent;

/// <summary>A block of channels walks through a sequence with its last inputs in a ring.</summary>
internal static unsafe class ConvolutionKernel<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int Block = ConvolutionJob.Block;

    /// <summary>Floats of scratch that a thread needs: weights by tap, the ring, bias and result.</summary>
    public static int ScratchFloats(in ConvolutionJob job) => (2 * job.Taps + 2) * Block;

    public static void Run(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(ConvolutionJob*)arguments;
        var (block, sequence) = (chunk % job.Blocks, chunk / job.Blocks);
        var (first, end) = (job.Sequences.First(sequence), job.Sequences.End(sequence));
        if (first == end) return;
        var channel = block * Block;
        var channels = Math.Min(Block, job.Channels - channel);
        var taps = job.Taps;
        var weights = (float*)job.Scratch[worker];
        var ring = weights + taps * Block;
        var bias = ring + taps * Block;
        var result = bias + Block;
        // Lanes past the last channel compute with zeros.
        new Span<float>(weights, (2 * taps + 2) * Block).Clear();
        LoadWeights(in job, channel, channels, weights, result);
        if (job.Bias != null) Conversion<TSimd, TVector>.ToFloat(job.Bias + channel * job.BiasDType.Size(), job.BiasDType, bias, channels);
        var state = job.State + job.Sequences.Slot(sequence) * job.StateSlotStride + channel * job.StateDType.Size();
        // Input number n of the walk is in ring row n % taps; the state's rows come first.
        if (!job.Sequences.IsFresh(sequence))
            for (var n = 0; n < taps - 1; n++) Conversion<TSimd, TVector>.ToFloat(state + n * job.StateRowStride, job.StateDType, ring + n * Block, channels);

        var offset = channel * job.X.DType.Size();
        var outputOffset = channel * job.Output.DType.Size();
        var newest = taps - 1;
        for (var token = first; token < end; token++, newest = newest + 1 == taps ? 0 : newest + 1)
        {
            Conversion<TSimd, TVector>.ToFloat(job.X[token] + offset, job.X.DType, ring + newest * Block, channels);
            Convolve(weights, ring, newest + 1 == taps ? 0 : newest + 1, taps, bias, result, channels, job.Silu);
            Conversion<TSimd, TVector>.FromFloat(result, job.Output[token] + outputOffset, job.Output.DType, channels);
        }
        for (var n = 0; n < taps - 1; n++)
        {
            // After the walk the place of the next input holds the oldest, which no later output needs.
            var row = (newest + 1 + n) % taps;
            Conversion<TSimd, TVector>.FromFloat(ring + row * Block, state + n * job.StateRowStride, job.StateDType, channels);
        }
    }

    private static void LoadWeights(in ConvolutionJob job, int channel, int channels, float* weights, float* scratch)
    {
        for (var c = 0; c < channels; c++)
        {
            Conversion<TSimd, TVector>.ToFloat(job.Weight + (channel + c) * job.WeightStride, job.WeightDType, scratch, job.Taps);
            for (var tap = 0; tap < job.Taps; tap++) weights[tap * Block + c] = scratch[tap];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convolve(float* weights, float* ring, int oldest, int taps, float* bias, float* result, int channels, bool silu)
    {
        for (var c = 0; c < channels; c += TSimd.Width)
        {
            var sum = TSimd.Load(bias + c);
            var row = oldest;
            for (var tap = 0; tap < taps; tap++, row = row + 1 == taps ? 0 : row + 1)
                sum = TSimd.MultiplyAdd(TSimd.Load(weights + tap * Block + c), TSimd.Load(ring + row * Block + c), sum);
            TSimd.Store(result + c, silu ? SimdMath<TSimd, TVector>.Silu(sum) : sum);
        }
    }
}
