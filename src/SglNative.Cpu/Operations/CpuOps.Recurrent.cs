using System.Runtime.CompilerServices;
using SglNative.Core.Tensors;
using SglNative.Cpu.Recurrent;
using SglNative.Cpu.Simd;
using SglNative.Models.Batches;
using SglNative.Models.Operations;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    /// <inheritdoc/>
    protected override void CausalConvolutionInto(
        in Tensor x, in Tensor weight, in Tensor bias, in Tensor state, in AttentionMetadata metadata, PointwiseActivation activation, in Tensor output)
    {
        if (!weight.DType.IsCompute() || (weight.Shape[1] > 1 && weight.Strides[1] != 1)) throw new ArgumentException($"weight is {weight}, expected dense rows", nameof(weight));
        if (!bias.IsNull && (!bias.DType.IsCompute() || !bias.IsContiguous)) throw new ArgumentException($"bias is {bias}, expected contiguous of a compute type", nameof(bias));
        if (!state.DType.IsCompute() || (state.Shape[2] > 1 && state.Strides[2] != 1)) throw new ArgumentException($"state is {state}, expected dense rows", nameof(state));
        var stateSize = state.DType.Size();
        var job = new ConvolutionJob
        {
            X = new RowView(x), Output = new RowView(output),
            Weight = (byte*)weight.Data, WeightStride = weight.Strides[0] * weight.DType.Size(), WeightDType = weight.DType,
            Bias = (byte*)bias.Data, BiasDType = bias.DType,
            State = (byte*)state.Data, StateDType = state.DType, StateSlotStride = state.Strides[0] * stateSize, StateRowStride = state.Strides[1] * stateSize,
            Sequences = SequenceRange.Of(metadata, x.Shape[0], state.Shape[0]),
            Channels = (int)x.Shape[1], Taps = (int)weight.Shape[1], Blocks = (int)(x.Shape[1] + ConvolutionJob.Block - 1) / ConvolutionJob.Block,
            Silu = activation == PointwiseActivation.Silu,
        };
        pool.ReserveScratch(ConvolutionKernel<TSimd, TVector>.ScratchFloats(in job) * 4L);
        job.Scratch = pool.Scratches;
        pool.Run(checked(metadata.SequenceCount * job.Blocks), &ConvolutionKernel<TSimd, TVector>.Run, &job);
    }

    /// <inheritdoc/>
    protected override void GatedDeltaRuleInto(
        in Tensor q, in Tensor k, in Tensor v, in Tensor logDecay, in Tensor beta, in Tensor state, in AttentionMetadata metadata, float scale, float eps,
        DType operand, in Tensor output)
    {
        ExpectFloats(logDecay, nameof(logDecay));
        ExpectFloats(beta, nameof(beta));
        var job = new DeltaRuleJob
        {
            Query = new RowView(q), Key = new RowView(k), Value = new RowView(v), Output = new RowView(output),
            LogDecay = (float*)logDecay.Data, LogDecayStride = logDecay.Strides[0], Beta = (float*)beta.Data, BetaStride = beta.Strides[0],
            State = (float*)state.Data, Sequences = SequenceRange.Of(metadata, q.Shape[0], state.Shape[0]),
            KeyHeads = (int)q.Shape[1], ValueHeads = (int)v.Shape[1], KeyDim = (int)q.Shape[2], ValueDim = (int)v.Shape[2],
            Blocks = (int)(v.Shape[2] + DeltaRuleJob.Block - 1) / DeltaRuleJob.Block, Scale = scale, Eps = eps,
        };
        pool.ReserveScratch(DeltaRuleKernel<TSimd, TVector>.ScratchFloats(in job) * 4L);
        job.Scratch = pool.Scratches;
        pool.Run(checked(metadata.SequenceCount * job.ValueHeads * job.Blocks), &DeltaRuleKernel<TSimd, TVector>.Run, &job);
    }

    /// <inheritdoc/>
    protected override void DeltaGatesInto(in Tensor a, in Tensor b, in Tensor aLog, in Tensor dtBias, in Tensor logDecay, in Tensor beta)
    {
        var job = new DeltaGatesJob
        {
            A = new RowView(a), B = new RowView(b), ALog = new RowView(aLog), DtBias = new RowView(dtBias),
            LogDecay = (float*)logDecay.Data, Beta = (float*)beta.Data,
        };
        pool.ReserveScratch(4L * job.A.Width * sizeof(float));
        job.Scratch = pool.Scratches;
        // An exponential or logarithm in double counts for some tens of ordinary elements.
        pool.Run(job.Split.Cut(job.A.Count, 64L * job.A.Width), &DeltaGateRows, &job);
    }

    private static void DeltaGateRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(DeltaGatesJob*)arguments;
        var width = job.A.Width;
        var scratch = (float*)job.Scratch[worker];
        var aLog = Conversion<TSimd, TVector>.Read(job.ALog[0], job.ALog.DType, scratch, width);
        var dtBias = Conversion<TSimd, TVector>.Read(job.DtBias[0], job.DtBias.DType, scratch + width, width);
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var a = Conversion<TSimd, TVector>.Read(job.A[row], job.A.DType, scratch + 2 * width, width);
            var b = Conversion<TSimd, TVector>.Read(job.B[row], job.B.DType, scratch + 3 * width, width);
            for (var i = 0; i < width; i++)
            {
                var step = (double)a[i] + dtBias[i];
                // ln(1 + e^x) is x to double precision from 40 on, and e^x would overflow much later.
                var softplus = step > 40 ? step : Math.Log(1 + Math.Exp(step));
                if (step < -20) softplus = Math.Exp(step);
                job.LogDecay[(long)row * width + i] = (float)(-Math.Exp(aLog[i]) * softplus);
                job.Beta[(long)row * width + i] = (float)(1 / (1 + Math.Exp(-(double)b[i])));
            }
        }
    }

    /// <inheritdoc/>
    protected override void GateInto(in Tensor x, in Tensor gate, PointwiseActivation activation, in Tensor output)
    {
        var job = new RowJob { A = new RowView(x), B = new RowView(gate), Output = new RowView(output), Kind = (int)activation };
        RunRows(ref job, job.A.Count, job.A.Width, 3 * (job.A.Width + TSimd.Width), &GateRows);
    }

    private static void GateRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var width = job.A.Width;
        var scratch = (float*)job.Scratch[worker];
        var stride = width + TSimd.Width;
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            // Through scratch, with room for whole vectors: the result may be computed past the row's end.
            Conversion<TSimd, TVector>.ToFloat(job.A[row], job.A.DType, scratch, width);
            Conversion<TSimd, TVector>.ToFloat(job.B[row], job.B.DType, scratch + stride, width);
            Gate(scratch, scratch + stride, scratch + 2 * stride, width, (PointwiseActivation)job.Kind);
            Conversion<TSimd, TVector>.FromFloat(scratch + 2 * stride, job.Output[row], job.Output.DType, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gate(float* x, float* gate, float* result, int count, PointwiseActivation activation)
    {
        for (var i = 0; i < count; i += TSimd.Width)
        {
            var g = TSimd.Load(gate + i);
            if (activation == PointwiseActivation.Silu) g = SimdMath<TSimd, TVector>.Silu(g);
            TSimd.Store(result + i, TSimd.Multiply(TSimd.Load(x + i), g));
        }
    }

    private static void ExpectFloats(in Tensor tensor, string name)
    {
        if (tensor.DType != DType.Float32 || (tensor.Shape[-1] > 1 && tensor.Strides[-1] != 1)) throw new ArgumentException($"{name} is {tensor}, expected dense float32", name);
    }
}
