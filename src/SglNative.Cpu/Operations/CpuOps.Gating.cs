using System.Runtime.CompilerServices;
using SglNative.Core.Tensors;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    /// <inheritdoc/>
    protected override void SigmoidGateInto(in Tensor x, in Tensor gate, in Tensor output)
    {
        var job = new RowJob { A = new RowView(x), B = new RowView(gate), Output = new RowView(output) };
        RunRows(ref job, job.Output.Count, 4L * job.Output.Width, 3 * job.Output.Width + 64, &SigmoidGateRows);
    }

    /// <inheritdoc/>
    protected override void ClampInto(in Tensor x, float limit, in Tensor output)
    {
        var job = new RowJob { A = new RowView(x), Output = new RowView(output), Factor = limit };
        RunRows(ref job, job.Output.Count, job.Output.Width, 2 * job.Output.Width, &ClampRows);
    }

    /// <inheritdoc/>
    protected override void SoftCapInto(in Tensor x, float cap, in Tensor output)
    {
        var job = new RowJob { A = new RowView(x), Output = new RowView(output), Factor = cap };
        RunRows(ref job, job.Output.Count, 4L * job.Output.Width, 2 * job.Output.Width, &SoftCapRows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SigmoidGateRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var width = job.A.Width;
        var scratch = (float*)job.Scratch[worker];
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var x = Conversion<TSimd, TVector>.Read(job.A[row], job.A.DType, scratch, width);
            var gates = Conversion<TSimd, TVector>.Read(job.B[row], job.B.DType, scratch + width, job.B.Width);
            var result = Conversion<TSimd, TVector>.Target(job.Output[row], job.Output.DType, scratch + 2 * width + 32);
            if (job.B.Width == 1 && width > 1)
            {
                Multiply(x, Sigmoid(*gates), result, width);
            }
            else
            {
                var i = 0;
                for (; i + TSimd.Width <= width; i += TSimd.Width) TSimd.Store(result + i, TSimd.Multiply(TSimd.Load(x + i), Sigmoid(TSimd.Load(gates + i))));
                for (; i < width; i++) result[i] = x[i] * Sigmoid(gates[i]);
            }
            Conversion<TSimd, TVector>.Write(result, job.Output[row], job.Output.DType, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ClampRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var width = job.A.Width;
        var scratch = (float*)job.Scratch[worker];
        var (least, most) = (TSimd.Create(-job.Factor), TSimd.Create(job.Factor));
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var x = Conversion<TSimd, TVector>.Read(job.A[row], job.A.DType, scratch, width);
            var result = Conversion<TSimd, TVector>.Target(job.Output[row], job.Output.DType, scratch + width);
            var i = 0;
            // The second operand comes back for NaN.
            for (; i + TSimd.Width <= width; i += TSimd.Width) TSimd.Store(result + i, TSimd.Max(least, TSimd.Min(most, TSimd.Load(x + i))));
            for (; i < width; i++) result[i] = Math.Clamp(x[i], -job.Factor, job.Factor);
            Conversion<TSimd, TVector>.Write(result, job.Output[row], job.Output.DType, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftCapRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var width = job.A.Width;
        var scratch = (float*)job.Scratch[worker];
        var cap = TSimd.Create(job.Factor);
        var lanes = stackalloc float[TSimd.Width];
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var x = Conversion<TSimd, TVector>.Read(job.A[row], job.A.DType, scratch, width);
            var result = Conversion<TSimd, TVector>.Target(job.Output[row], job.Output.DType, scratch + width);
            var i = 0;
            for (; i + TSimd.Width <= width; i += TSimd.Width)
                TSimd.Store(result + i, TSimd.Multiply(cap, SimdMath<TSimd, TVector>.Tanh(TSimd.Divide(TSimd.Load(x + i), cap))));
            for (; i < width; i++)
            {
                TSimd.Store(lanes, TSimd.Multiply(cap, SimdMath<TSimd, TVector>.Tanh(TSimd.Divide(TSimd.Create(x[i]), cap))));
                result[i] = *lanes;
            }
            Conversion<TSimd, TVector>.Write(result, job.Output[row], job.Output.DType, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sigmoid(TVector x)
    {
        var one = TSimd.Create(1);
        return TSimd.Divide(one, TSimd.Add(one, SimdMath<TSimd, TVector>.Exp(TSimd.Subtract(TSimd.Create(0), x))));
    }

    private static float Sigmoid(float x)
    {
        var lanes = stackalloc float[TSimd.Width];
        TSimd.Store(lanes, Sigmoid(TSimd.Create(x)));
        return *lanes;
    }
}
