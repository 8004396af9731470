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
    protected override void TwoTermsInto(in Tensor x, in Tensor output)
    {
        var (rows, width) = ((int)x.Shape[0], (int)x.Shape[1]);
        CastInto(x, output.Slice(0, 0, rows));
        var (high, rest) = (new RowView(output), new float[width]);
        for (var row = 0; row < rows; row++)
            fixed (float* values = rest)
            {
                Conversion<TSimd, TVector>.ToFloat(high[row], high.DType, values, width);
                var source = (float*)new RowView(x)[row];
                for (var i = 0; i < width; i++) values[i] = source[i] - values[i];
                Conversion<TSimd, TVector>.FromFloat(values, high[rows + row], high.DType, width);
            }
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

    private static void ScaleRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var width = job.A.Width;
        var scratch = (float*)job.Scratch[worker];
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var x = Conversion<TSimd, TVector>.Read(job.A[row], job.A.DType, scratch, width);
            var product = Conversion<TSimd, TVector>.Target(job.Output[row], job.Output.DType, scratch + width);
            Multiply(x, job.Factor, product, width);
            Conversion<TSimd, TVector>.Write(product, job.Output[row], job.Output.DType, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(float* x, float factor, float* product, int count)
    {
        var i = 0;
        for (; i + TSimd.Width <= count; i += TSimd.Width) TSimd.Store(product + i, TSimd.Multiply(TSimd.Load(x + i), TSimd.Create(factor)));
        for (; i < count; i++) product[i] = x[i] * factor;
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
            ActAndMul((GatedActivation)job.Kind, 0, x, x + width, result, width);
            Conversion<TSimd, TVector>.Write(result, job.Output[row], job.Output.DType, width);
        }
    }

    /// <summary>result = act(gate) · up; with a limit, gate is capped at it and up at ± it first. The result may be the gate.</summary>
    private static void ActAndMul(GatedActivation activation, float limit, float* gate, float* up, float* result, int count)
    {
        switch (activation)
        {
            case GatedActivation.Silu: ActAndMul<SiluActivation<TSimd, TVector>>(limit, gate, up, result, count); break;
            case GatedActivation.Gelu: ActAndMul<GeluActivation<TSimd, TVector>>(limit, gate, up, result, count); break;
            case GatedActivation.GeluTanh: ActAndMul<GeluTanhActivation<TSimd, TVector>>(limit, gate, up, result, count); break;
            case GatedActivation.SwigluOss: ActAndMul<SwigluOssActivation<TSimd, TVector>>(limit, gate, up, result, count); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ActAndMul<TActivation>(float limit, float* gate, float* up, float* result, int count)
        where TActivation : struct, IActivation<TVector>
    {
        var (most, least) = limit > 0 ? (TSimd.Create(limit), TSimd.Create(-limit)) : (TSimd.Create(float.PositiveInfinity), TSimd.Create(float.NegativeInfinity));
        var i = 0;
        for (; i + TSimd.Width <= count; i += TSimd.Width) TSimd.Store(result + i, Combine<TActivation>(gate + i, up + i, most, least));
        if (i == count) return;
        var tailGate = stackalloc float[TSimd.Width];
        var tailUp = stackalloc float[TSimd.Width];
        for (var j = 0; j < TSimd.Width; j++) (tailGate[j], tailUp[j]) = i + j < count ? (gate[i + j], up[i + j]) : (0, 0);
        TSimd.Store(tailGate, Combine<TActivation>(tailGate, tailUp, most, least));
        for (; i < count; i++, tailGate++) result[i] = *tailGate;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Combine<TActivation>(float* gate, float* up, TVector most, TVector least)
        where TActivation : struct, IActivation<TVector> =>
        // Min and Max return their second operand for NaN, which therefore stays NaN.
        TActivation.Combine(TSimd.Min(most, TSimd.Load(gate)), TSimd.Max(least, TSimd.Min(most, TSimd.Load(up))));
}
