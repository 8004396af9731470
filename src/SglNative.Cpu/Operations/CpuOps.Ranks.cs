using SglNative.Core.Tensors;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    /// <inheritdoc/>
    protected override void AllReduceInPlace(in Tensor x)
    {
        ExpectFloats(x, nameof(x));
        options.Group!.AllReduce(options.Rank, (float*)x.Data, x.Count);
    }

    /// <inheritdoc/>
    protected override void AllGatherInto(in Tensor x, in Tensor output)
    {
        ExpectFloats(x, nameof(x));
        options.Group!.AllGather(options.Rank, (float*)x.Data, x.Shape[0], x.Shape[1], (float*)output.Data, output.Shape[1]);
    }

    /// <inheritdoc/>
    protected override void EmbeddingShareInto(in Tensor ids, in Tensor table, long first, in Tensor output)
    {
        if (ids.DType != DType.Int32 || !ids.IsContiguous) throw new ArgumentException($"ids are {ids}, expected contiguous int32", nameof(ids));
        var job = new RowJob { A = new RowView(table), Output = new RowView(output), Indices = (int*)ids.Data, First = first };
        RunRows(ref job, job.Output.Count, job.Output.Width, job.Output.Width, &ShareRows);
    }

    /// <inheritdoc/>
    protected override void RowSquaresInto(in Tensor x, in Tensor output)
    {
        var job = new RowJob { A = new RowView(x), Output = new RowView(output) };
        RunRows(ref job, job.A.Count, job.A.Width, job.A.Width, &RowSquaresRows);
    }

    /// <inheritdoc/>
    protected override void NormalizeRows(in Tensor x, in Tensor weight, in Tensor squares, long width, float eps, float weightOffset)
    {
        var job = new RowJob
        {
            A = new RowView(x), B = new RowView(squares), Output = new RowView(x), Weight = new RowView(weight), Factor = eps, Offset = weightOffset, Whole = width,
        };
        RunRows(ref job, job.A.Count, job.A.Width, 3 * job.A.Width, &NormalizeKnownRows);
    }

    private static void ShareRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var scratch = (float*)job.Scratch[worker];
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var index = job.Indices[row] - job.First;
            var values = scratch;
            if (index >= 0 && index < job.A.Count) values = Conversion<TSimd, TVector>.Read(job.A[(int)index], job.A.DType, scratch, job.A.Width);
            else new Span<float>(scratch, job.A.Width).Clear();
            Conversion<TSimd, TVector>.FromFloat(values, job.Output[row], job.Output.DType, job.Output.Width);
        }
    }

    private static void RowSquaresRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var scratch = (float*)job.Scratch[worker];
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var x = Conversion<TSimd, TVector>.Read(job.A[row], job.A.DType, scratch, job.A.Width);
            *(float*)job.Output[row] = Squares(x, job.A.Width);
        }
    }

    private static void NormalizeKnownRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var width = job.A.Width;
        var scratch = (float*)job.Scratch[worker];
        var weight = Conversion<TSimd, TVector>.Read(job.Weight[0], job.Weight.DType, scratch + 2 * width, width);
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var x = Conversion<TSimd, TVector>.Read(job.A[row], job.A.DType, scratch, width);
            var result = Conversion<TSimd, TVector>.Target(job.Output[row], job.Output.DType, scratch + width);
            var scale = 1f / MathF.Sqrt(*(float*)job.B[row] / job.Whole + job.Factor);
            Scaled(x, scale, weight, job.Offset, result, width);
            Conversion<TSimd, TVector>.Write(result, job.Output[row], job.Output.DType, width);
        }
    }
}
