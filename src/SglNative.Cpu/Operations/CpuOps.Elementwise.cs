using System.Runtime.CompilerServices;
using SglNative.Core.Tensors;
using SglNative.Cpu.Simd;
using SglNative.Models.Operations;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    /// <inheritdoc/>
    protected override void EmbeddingInto(in Tensor ids, in Tensor table, in Tensor output)
    {
        ExpectIds(ids, table.Shape[0], nameof(ids));
        var job = new RowJob { A = new RowView(table), Output = new RowView(output), Indices = (int*)ids.Data };
        RunRows(ref job, job.Output.Count, job.Output.Width, job.Output.Width, &CopyRows);
    }

    /// <inheritdoc/>
    protected override void CastInto(in Tensor x, in Tensor output)
    {
        var job = new RowJob { A = new RowView(x), Output = new RowView(output) };
        RunRows(ref job, job.Output.Count, job.Output.Width, job.Output.Width, &CopyRows);
    }

    /// <inheritdoc/>
    protected override void AddInto(in Tensor a, in Tensor b, in Tensor output)
    {
        if (a.Shape != b.Shape || a.DType != b.DType) throw new ArgumentException($"cannot add {b} to {a}", nameof(b));
        var job = new RowJob { A = new RowView(a), B = new RowView(b), Output = new RowView(output) };
        RunRows(ref job, job.Output.Count, job.Output.Width, 3 * job.Output.Width, &AddRows);
    }

    /// <inheritdoc/>
    protected override void ScaleInto(in Tensor x, float factor, in Tensor output)
    {
        var job = new RowJob { A = new RowView(x), Output = new RowView(output), Factor = factor };
        RunRows(ref job, job.Output.Count, job.Output.Width, 2 * job.Output.Width, &ScaleRows);
    }

    /// <inheritdoc/>
    protected override void ActAndMulInto(in Tensor x, GatedActivation activation, in Tensor output)
    {
        if (x.Shape[1] % 2 != 0) throw new ArgumentException($"x has shape {x.Shape}, expected [T, 2·I]", nameof(x));
        var job = new RowJob { A = new RowView(x), Output = new RowView(output), Kind = (int)activation };
        // A chunk's worth of elements, counted by what their exponential costs.
        RunRows(ref job, job.Output.Count, 8L * job.Output.Width, 3 * job.Output.Width, &ActAndMulRows);
    }

    private static void CopyRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var scratch = (float*)job.Scratch[worker];
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var source = job.A[job.Indices == null ? row : job.Indices[row]];
            var values = Conversion<TSimd, TVector>.Read(source, job.A.DType, scratch, job.A.Width);
            Conversion<TSimd, TVector>.FromFloat(values, job.Output[row], job.Output.DType, job.Output.Width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var width = job.A.Width;
        var scratch = (float*)job.Scratch[worker];
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var a = Conversion<TSimd, TVector>.Read(job.A[row], job.A.DType, scratch, width);
            var b = Conversion<TSimd, TVector>.Read(job.B[row], job.B.DType, scratch + width, width);
            var sum = Conversion<TSimd, TVector>.Target(job.Output[row], job.Output.DType, scratch + 2 * width);
            Add(a, b, sum, width);
            Conversion<TSimd, TVector>.Write(sum, job.Output[row], job.Output.DType, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float* a, float* b, float* sum, int count)
    {
        var i = 0;
        for (; i + TSimd.Width <= count; i += TSimd.Width) TSimd.Store(sum + i, TSimd.Add(TSimd.Load(a + i), TSimd.Load(b + i)));
        for (; i < count; i++) sum[i] = a[i] + b[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var width = job.A.Width;
        var scratch = (float*)job.Scratch[worker];
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var x = Conversion<TSimd, TVector>.Read(job.A[row], job.A.DType, scratch, width);
            var product = Conversion<TSimd, TVector>.Target(job.Output[row], job.Output.DType, scratch + width);
            var i = 0;
            for (; i + TSimd.Width <= width; i += TSimd.Width) TSimd.Store(product + i, TSimd.Multiply(TSimd.Load(x + i), TSimd.Create(job.Factor)));
            for (; i < width; i++) product[i] = x[i] * job.Factor;
            Conversion<TSimd, TVector>.Write(product, job.Output[row], job.Output.DType, width);
        }
    }

    private static void ActAndMulRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var width = job.Output.Width;
        var scratch = (float*)job.Scratch[worker];
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var x = Conversion<TSimd, TVector>.Read(job.A[row], job.A.DType, scratch, 2 * width);
            var result = Conversion<TSimd, TVector>.Target(job.Output[row], job.Output.DType, scratch + 2 * width);
            switch ((GatedActivation)job.Kind)
            {
                case GatedActivation.Silu: ActAndMul<SiluActivation<TSimd, TVector>>(x, x + width, result, width); break;
                case GatedActivation.GeluTanh: ActAndMul<GeluTanhActivation<TSimd, TVector>>(x, x + width, result, width); break;
                default: ActAndMul<GeluActivation<TSimd, TVector>>(x, x + width, result, width); break;
            }
            Conversion<TSimd, TVector>.Write(result, job.Output[row], job.Output.DType, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ActAndMul<TActivation>(float* gate, float* up, float* result, int count)
        where TActivation : struct, IActivation<TVector>
    {
        var i = 0;
        for (; i + TSimd.Width <= count; i += TSimd.Width)
            TSimd.Store(result + i, TSimd.Multiply(TActivation.Apply(TSimd.Load(gate + i)), TSimd.Load(up + i)));
        if (i == count) return;
        var tail = stackalloc float[TSimd.Width];
        for (var j = i; j < count; j++) tail[j - i] = gate[j];
        for (var j = count - i; j < TSimd.Width; j++) tail[j] = 0;
        TSimd.Store(tail, TActivation.Apply(TSimd.Load(tail)));
        for (; i < count; i++, tail++) result[i] = *tail * up[i];
    }
}
