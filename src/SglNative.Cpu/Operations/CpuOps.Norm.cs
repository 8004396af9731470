using System.Runtime.CompilerServices;
using SglNative.Core.Tensors;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    /// <inheritdoc/>
    protected override void RmsNormInto(in Tensor x, in Tensor weight, float eps, float weightOffset, in Tensor output)
    {
        var job = new RowJob { A = new RowView(x), Output = new RowView(output), Factor = eps, Offset = weightOffset, HasWeight = !weight.IsNull };
        if (job.HasWeight) job.Weight = new RowView(weight);
        RunRows(ref job, job.A.Count, job.A.Width, 3 * job.A.Width, &RmsNormRows);
    }

    /// <inheritdoc/>
    protected override void AddRmsNormInto(in Tensor x, in Tensor residual, in Tensor weight, float eps, float weightOffset, in Tensor output)
    {
        var job = new RowJob
        {
            A = new RowView(x), B = new RowView(residual), Output = new RowView(output),
            Factor = eps, Offset = weightOffset, HasWeight = !weight.IsNull,
        };
        if (job.HasWeight) job.Weight = new RowView(weight);
        RunRows(ref job, job.A.Count, job.A.Width, 4 * job.A.Width, &AddRmsNormRows);
    }

    /// <inheritdoc/>
    protected override void LayerNormInto(in Tensor x, in Tensor weight, in Tensor bias, float eps, in Tensor output)
    {
        var job = new RowJob { A = new RowView(x), Output = new RowView(output), Factor = eps, HasWeight = !weight.IsNull, HasBias = !bias.IsNull };
        if (job.HasWeight) job.Weight = new RowView(weight);
        if (job.HasBias) job.B = new RowView(bias);
        RunRows(ref job, job.A.Count, job.A.Width, 4 * job.A.Width, &LayerNormRows);
    }

    private static void LayerNormRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var width = job.A.Width;
        var scratch = (float*)job.Scratch[worker];
        var weight = job.HasWeight ? Conversion<TSimd, TVector>.Read(job.Weight[0], job.Weight.DType, scratch + 2 * width, width) : null;
        var bias = job.HasBias ? Conversion<TSimd, TVector>.Read(job.B[0], job.B.DType, scratch + 3 * width, width) : null;
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var x = Conversion<TSimd, TVector>.Read(job.A[row], job.A.DType, scratch, width);
            var result = Conversion<TSimd, TVector>.Target(job.Output[row], job.Output.DType, scratch + width);
            Subtract(x, Sum(x, width) / width, result, width);
            Normalize(result, weight, 0, job.Factor, result, width);
            if (bias != null) Add(result, bias, result, width);
            Conversion<TSimd, TVector>.Write(result, job.Output[row], job.Output.DType, width);
        }
    }

    private static void RmsNormRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var width = job.A.Width;
        var scratch = (float*)job.Scratch[worker];
        var weight = job.HasWeight ? Conversion<TSimd, TVector>.Read(job.Weight[0], job.Weight.DType, scratch + 2 * width, width) : null;
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var x = Conversion<TSimd, TVector>.Read(job.A[row], job.A.DType, scratch, width);
            var result = Conversion<TSimd, TVector>.Target(job.Output[row], job.Output.DType, scratch + width);
            Normalize(x, weight, job.Offset, job.Factor, result, width);
            Conversion<TSimd, TVector>.Write(result, job.Output[row], job.Output.DType, width);
        }
    }

    private static void AddRmsNormRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var width = job.A.Width;
        var scratch = (float*)job.Scratch[worker];
        var weight = job.HasWeight ? Conversion<TSimd, TVector>.Read(job.Weight[0], job.Weight.DType, scratch + 3 * width, width) : null;
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var x = Conversion<TSimd, TVector>.Read(job.A[row], job.A.DType, scratch, width);
            var residual = Conversion<TSimd, TVector>.Read(job.B[row], job.B.DType, scratch + width, width);
            Add(x, residual, residual, width);
            Conversion<TSimd, TVector>.Write(residual, job.B[row], job.B.DType, width);
            // The norm is that of the sum as stored, not as computed.
            residual = Conversion<TSimd, TVector>.Read(job.B[row], job.B.DType, scratch + width, width);
            var result = Conversion<TSimd, TVector>.Target(job.Output[row], job.Output.DType, scratch + 2 * width);
            Normalize(residual, weight, job.Offset, job.Factor, result, width);
            Conversion<TSimd, TVector>.Write(result, job.Output[row], job.Output.DType, width);
        }
    }

    /// <summary>x / √(mean x² + eps) · (offset + weight); weight null for none.</summary>
    private static void Normalize(float* x, float* weight, float offset, float eps, float* result, int count) =>
        Scaled(x, 1f / MathF.Sqrt(Squares(x, count) / count + eps), weight, offset, result, count);

    /// <summary>Σ x², in one order per width of vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Squares(float* x, int count)
    {
        TVector s0 = TSimd.Create(0), s1 = s0, s2 = s0, s3 = s0;
        var i = 0;
        for (; i + 4 * TSimd.Width <= count; i += 4 * TSimd.Width)
        {
            var (a, b) = (TSimd.Load(x + i), TSimd.Load(x + i + TSimd.Width));
            var (c, d) = (TSimd.Load(x + i + 2 * TSimd.Width), TSimd.Load(x + i + 3 * TSimd.Width));
            s0 = TSimd.MultiplyAdd(a, a, s0);
            s1 = TSimd.MultiplyAdd(b, b, s1);
            s2 = TSimd.MultiplyAdd(c, c, s2);
            s3 = TSimd.MultiplyAdd(d, d, s3);
        }
        var sum = TSimd.Sum(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)));
        for (; i < count; i++) sum += x[i] * x[i];
        return sum;
    }

    /// <summary>x · scale · (offset + weight); weight null for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scaled(float* x, float scale, float* weight, float offset, float* result, int count)
    {
        var factor = TSimd.Create(scale);
        var i = 0;
        if (weight == null)
        {
            for (; i + TSimd.Width <= count; i += TSimd.Width) TSimd.Store(result + i, TSimd.Multiply(TSimd.Load(x + i), factor));
            for (; i < count; i++) result[i] = x[i] * scale;
            return;
        }
        var bias = TSimd.Create(offset);
        for (; i + TSimd.Width <= count; i += TSimd.Width)
            TSimd.Store(result + i, TSimd.Multiply(TSimd.Multiply(TSimd.Load(x + i), factor), TSimd.Add(bias, TSimd.Load(weight + i))));
        for (; i < count; i++) result[i] = x[i] * scale * (offset + weight[i]);
    }

    /// <summary>In one order per width of vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum(float* x, int count)
    {
        TVector s0 = TSimd.Create(0), s1 = s0;
        var i = 0;
        for (; i + 2 * TSimd.Width <= count; i += 2 * TSimd.Width)
            (s0, s1) = (TSimd.Add(s0, TSimd.Load(x + i)), TSimd.Add(s1, TSimd.Load(x + i + TSimd.Width)));
        var sum = TSimd.Sum(TSimd.Add(s0, s1));
        for (; i < count; i++) sum += x[i];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(float* x, float value, float* result, int count)
    {
        var i = 0;
        for (; i + TSimd.Width <= count; i += TSimd.Width) TSimd.Store(result + i, TSimd.Subtract(TSimd.Load(x + i), TSimd.Create(value)));
        for (; i < count; i++) result[i] = x[i] - value;
    }
}
