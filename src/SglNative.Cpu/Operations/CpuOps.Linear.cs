using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SglNative.Core.Tensors;
using SglNative.Cpu.Linear;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    /// <summary>Bytes of weights that stay in a core's second-level cache while rows of x pass by.</summary>
    private const int WeightBlockBytes = 256 << 10;

    /// <summary>The most chunks per thread: enough that a slow core leaves its share to others.</summary>
    private const int ChunksPerThread = 16;

    /// <inheritdoc/>
    protected override void LinearInto(in Tensor x, in Tensor weight, in Tensor bias, in Tensor output)
    {
        if (!weight.DType.IsCompute() || (weight.Shape[1] > 1 && weight.Strides[1] != 1))
            throw new ArgumentException($"weight is {weight}, expected rows of a compute type", nameof(weight));
        if (!bias.IsNull && (!bias.DType.IsCompute() || !bias.IsContiguous)) throw new ArgumentException($"bias is {bias}, expected contiguous of a compute type", nameof(bias));
        var job = new LinearJob
        {
            X = new RowView(x), Output = new RowView(output),
            Weight = (byte*)weight.Data, WeightStride = weight.Strides[0] * weight.DType.Size(),
            Bias = (byte*)bias.Data, BiasDType = bias.DType,
            M = checked((int)x.Shape[0]), N = checked((int)weight.Shape[0]), K = checked((int)x.Shape[1]), Heads = 1,
        };
        Multiply(ref job, weight.DType);
    }

    /// <inheritdoc/>
    protected override void HeadLinearInto(in Tensor x, in Tensor weight, in Tensor output)
    {
        if (!weight.DType.IsCompute() || (weight.Shape[2] > 1 && weight.Strides[2] != 1))
            throw new ArgumentException($"weight is {weight}, expected rows of a compute type", nameof(weight));
        var size = weight.DType.Size();
        var job = new LinearJob
        {
            X = new RowView(x), Output = new RowView(output),
            Weight = (byte*)weight.Data, WeightStride = weight.Strides[1] * size,
            M = checked((int)x.Shape[0]), N = checked((int)weight.Shape[1]), K = checked((int)x.Shape[2]),
            Heads = checked((int)x.Shape[1]), WeightHeadStride = weight.Strides[0] * size,
        };
        Multiply(ref job, weight.DType);
    }

    private void Multiply(ref LinearJob arguments, DType weightType)
    {
        var job = arguments;
        job.Interleaved = weightType == DType.BFloat16;
        job.PackedStride = Packing<TSimd, TVector>.PaddedCount(job.K);
        var rows = checked(job.M * job.Heads);
        job.Packed = (float*)_shared.Reserve((long)rows * job.PackedStride * sizeof(float));
        pool.ReserveScratch(job.K * 4L);
        job.Scratch = pool.Scratches;

        job.RowsPerPackChunk = (int)Math.Clamp(65536L / Math.Max(1, job.K), 1, rows);
        pool.Run((rows + job.RowsPerPackChunk - 1) / job.RowsPerPackChunk, &PackRows, &job);

        var cacheRows = WeightBlockBytes / Math.Max(1, job.K * weightType.Size());
        var shareRows = (int)((long)job.N * job.Heads / (pool.ThreadCount * ChunksPerThread));
        job.BlockN = Math.Clamp(Math.Min(cacheRows, shareRows) / 4 * 4, 4, 256);
        job.BlocksN = (job.N + job.BlockN - 1) / job.BlockN;
        job.BlockM = Math.Min(job.M, 384);
        job.BlocksM = (job.M + job.BlockM - 1) / job.BlockM;
        var chunks = checked(job.BlocksN * job.BlocksM * job.Heads);
        switch (weightType)
        {
            case DType.Float32: pool.Run(chunks, &MultiplyBlock<Float32Weight<TSimd, TVector>>, &job); break;
            case DType.BFloat16: pool.Run(chunks, &MultiplyBlock<BFloat16Weight<TSimd, TVector>>, &job); break;
            default: pool.Run(chunks, &MultiplyBlock<Float16Weight<TSimd, TVector>>, &job); break;
        }
    }

    private static void PackRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(LinearJob*)arguments;
        var end = Math.Min(job.M * job.Heads, (chunk + 1) * job.RowsPerPackChunk);
        for (var row = chunk * job.RowsPerPackChunk; row < end; row++)
            Packing<TSimd, TVector>.Pack(job.X[row], job.X.DType, job.K, job.Interleaved, (float*)job.Scratch[worker], job.Packed + (long)row * job.PackedStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyBlock<TWeight>(void* arguments, int chunk, int worker) where TWeight : struct, IWeight<TVector>
    {
        ref var job = ref *(LinearJob*)arguments;
        var (firstN, firstM, head) = (chunk % job.BlocksN * job.BlockN, chunk / job.BlocksN % job.BlocksM * job.BlockM, chunk / job.BlocksN / job.BlocksM);
        var (endN, endM) = (Math.Min(job.N, firstN + job.BlockN), Math.Min(job.M, firstM + job.BlockM));
        var tailCount = job.K % Tile<TSimd, TVector, TWeight>.Step;
        var tailBytes = Tile<TSimd, TVector, TWeight>.Step * TWeight.ElementSize;
        var tails = stackalloc byte[4 * tailBytes];
        var sums = stackalloc Vector128<float>[6];
        var bias = stackalloc float[4];
        var weight = job.Weight + head * job.WeightHeadStride;
        var xStride = (long)job.Heads * job.PackedStride;

        var rows = 0;
        for (var m = firstM; m < endM; m += rows)
        {
            rows = LinearTiling.Rows<TSimd, TVector>(endM - m);
            var x = job.Packed + m * xStride + (long)head * job.PackedStride;
            for (var n = firstN; n < endN; n += 4)
            {
                // Past the last row of w the last one is read again, and its results are dropped.
                var w0 = weight + n * job.WeightStride;
                var w1 = weight + Math.Min(n + 1, endN - 1) * job.WeightStride;
                var w2 = weight + Math.Min(n + 2, endN - 1) * job.WeightStride;
                var w3 = weight + Math.Min(n + 3, endN - 1) * job.WeightStride;
                if (tailCount != 0)
                {
                    new Span<byte>(tails, 4 * tailBytes).Clear();
                    var (start, length) = ((long)(job.K - tailCount) * TWeight.ElementSize, tailCount * TWeight.ElementSize);
                    Unsafe.CopyBlockUnaligned(tails, w0 + start, (uint)length);
                    Unsafe.CopyBlockUnaligned(tails + tailBytes, w1 + start, (uint)length);
                    Unsafe.CopyBlockUnaligned(tails + 2 * tailBytes, w2 + start, (uint)length);
                    Unsafe.CopyBlockUnaligned(tails + 3 * tailBytes, w3 + start, (uint)length);
                }
                Tile<TSimd, TVector, TWeight>.Run(rows, x, xStride, w0, w1, w2, w3, job.K, tails, sums);
                StoreSums(in job, m * job.Heads + head, rows, n, Math.Min(4, endN - n), sums, bias);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StoreSums(in LinearJob job, int first, int rows, int n, int columns, Vector128<float>* sums, float* bias)
    {
        var biases = Vector128<float>.Zero;
        if (job.Bias != null)
        {
            Conversion<TSimd, TVector>.ToFloat(job.Bias + n * job.BiasDType.Size(), job.BiasDType, bias, columns);
            for (var i = columns; i < 4; i++) bias[i] = 0;
            biases = Vector128.Load(bias);
        }
        var size = job.Output.DType.Size();
        for (var row = 0; row < rows; row++)
        {
            var result = job.Bias == null ? sums[row] : sums[row] + biases;
            var destination = job.Output[first + row * job.Heads] + (long)n * size;
            if (columns == 4 && size == 4)
            {
                result.Store((float*)destination);
                continue;
            }
            Conversion<TSimd, TVector>.FromFloat((float*)&result, destination, job.Output.DType, columns);
        }
    }
}
