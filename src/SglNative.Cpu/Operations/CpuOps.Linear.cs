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

    /// <summary>The most rows of x in a chunk.</summary>
    private const int MaxBlockRows = 384;

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
            M = checked((int)x.Shape[0]), N = checked((int)weight.Shape[0]), K = checked((int)x.Shape[1]),
            Interleaved = weight.DType == DType.BFloat16,
        };
        PackInput(ref job, 0);
        CutColumns(ref job, weight.DType);
        job.BlockM = Math.Min(job.M, MaxBlockRows);
        var chunks = checked(job.BlocksN * ((job.M + job.BlockM - 1) / job.BlockM));
        switch (weight.DType)
        {
            case DType.Float32: pool.Run(chunks, &MultiplyBlock<Float32Weight<TSimd, TVector>>, &job); break;
            case DType.BFloat16: pool.Run(chunks, &MultiplyBlock<BFloat16Weight<TSimd, TVector>>, &job); break;
            default: pool.Run(chunks, &MultiplyBlock<Float16Weight<TSimd, TVector>>, &job); break;
        }
    }

    /// <summary>Lays x out for the tiles, in shared memory that has <paramref name="moreBytes"/> more at its start.</summary>
    private void PackInput(ref LinearJob job, long moreBytes)
    {
        job.PackedStride = Packing<TSimd, TVector>.PaddedCount(job.K);
        job.Packed = (float*)(_shared.Reserve(moreBytes + (long)job.M * job.PackedStride * sizeof(float)) + moreBytes);
        pool.ReserveScratch(job.K * 4L);
        job.Scratch = pool.Scratches;
        job.RowsPerPackChunk = (int)Math.Clamp(65536L / Math.Max(1, job.K), 1, job.M);
        fixed (LinearJob* arguments = &job) pool.Run((job.M + job.RowsPerPackChunk - 1) / job.RowsPerPackChunk, &PackRows, arguments);
    }

    /// <summary>Rows of w in a chunk: few enough to stay in a core's cache, and to share out among the threads.</summary>
    private void CutColumns(ref LinearJob job, DType weight)
    {
        var cacheRows = WeightBlockBytes / Math.Max(1, job.K * weight.Size());
        var shareRows = job.N / (pool.ThreadCount * ChunksPerThread);
        job.BlockN = Math.Clamp(Math.Min(cacheRows, shareRows) / 4 * 4, 4, 256);
        job.BlocksN = (job.N + job.BlockN - 1) / job.BlockN;
    }

    private static void PackRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(LinearJob*)arguments;
        var end = Math.Min(job.M, (chunk + 1) * job.RowsPerPackChunk);
        for (var row = chunk * job.RowsPerPackChunk; row < end; row++)
        {
            var source = job.Gather == null ? row : job.Gather[row] / job.GatherDivisor;
            var packed = job.Packed + (long)row * job.PackedStride;
            Packing<TSimd, TVector>.Pack(job.X[source], job.X.DType, job.K, job.Interleaved, (float*)job.Scratch[worker], packed);
            if (job.GatherWeights != null) Multiply(packed, job.GatherWeights[job.Gather[row]], packed, job.PackedStride);
        }
    }

    private static void MultiplyBlock<TWeight>(void* arguments, int chunk, int worker) where TWeight : struct, IWeight<TVector>
    {
        ref var job = ref *(LinearJob*)arguments;
        var (firstN, firstM) = (chunk % job.BlocksN * job.BlockN, chunk / job.BlocksN * job.BlockM);
        MultiplyRange<TWeight>(in job, firstM, Math.Min(job.M, firstM + job.BlockM), firstN, Math.Min(job.N, firstN + job.BlockN));
    }

    /// <summary>Rows firstM … endM − 1 of x by rows firstN … endN − 1 of w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyRange<TWeight>(in LinearJob job, int firstM, int endM, int firstN, int endN) where TWeight : struct, IWeight<TVector>
    {
        var tailCount = job.K % Tile<TSimd, TVector, TWeight>.Step;
        var tailBytes = Tile<TSimd, TVector, TWeight>.Step * TWeight.ElementSize;
        var tails = stackalloc byte[4 * tailBytes];
        var sums = stackalloc Vector128<float>[6];
        var bias = stackalloc float[4];

        var rows = 0;
        for (var m = firstM; m < endM; m += rows)
        {
            rows = LinearTiling.Rows<TSimd, TVector>(endM - m);
            var x = job.Packed + (long)m * job.PackedStride;
            for (var n = firstN; n < endN; n += 4)
            {
                // Past the last row of w the last one is read again, and its results are dropped.
                var w0 = job.Weight + n * job.WeightStride;
                var w1 = job.Weight + Math.Min(n + 1, endN - 1) * job.WeightStride;
                var w2 = job.Weight + Math.Min(n + 2, endN - 1) * job.WeightStride;
                var w3 = job.Weight + Math.Min(n + 3, endN - 1) * job.WeightStride;
                if (tailCount != 0)
                {
                    new Span<byte>(tails, 4 * tailBytes).Clear();
                    var (start, length) = ((long)(job.K - tailCount) * TWeight.ElementSize, tailCount * TWeight.ElementSize);
                    Unsafe.CopyBlockUnaligned(tails, w0 + start, (uint)length);
                    Unsafe.CopyBlockUnaligned(tails + tailBytes, w1 + start, (uint)length);
                    Unsafe.CopyBlockUnaligned(tails + 2 * tailBytes, w2 + start, (uint)length);
                    Unsafe.CopyBlockUnaligned(tails + 3 * tailBytes, w3 + start, (uint)length);
                }
                Tile<TSimd, TVector, TWeight>.Run(rows, x, job.PackedStride, w0, w1, w2, w3, job.K, tails, sums);
                StoreSums(in job, m, rows, n, Math.Min(4, endN - n), sums, bias);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StoreSums(in LinearJob job, int m, int rows, int n, int columns, Vector128<float>* sums, float* bias)
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
            var destination = job.Output[job.Scatter == null ? m + row : job.Scatter[m + row]] + (long)n * size;
            if (columns == 4 && size == 4)
            {
                result.Store((float*)destination);
                continue;
            }
            Conversion<TSimd, TVector>.FromFloat((float*)&result, destination, job.Output.DType, columns);
        }
    }
}
