using SglNative.Core.Tensors;
using SglNative.Cpu.Linear;
using SglNative.Cpu.Moe;
using SglNative.Models.Operations;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    /// <inheritdoc/>
    protected override void RouteExpertsInto(in Tensor logits, in Tensor correction, RoutingOptions options, in ExpertRouting routing)
    {
        var experts = (int)logits.Shape[1];
        if (!correction.IsNull) Expect(correction, DType.Float32, experts, nameof(correction));
        var job = new RouteJob
        {
            Logits = new RowView(logits), Correction = (float*)correction.Data, ExpertCount = experts,
            Experts = (int*)routing.Experts.Data, Weights = (float*)routing.Weights.Data,
            TopK = options.TopK, Sigmoid = options.Scoring == ExpertScoring.Sigmoid, Renormalize = options.Renormalize, Scale = options.Scale,
            Groups = options.Groups, TopGroups = options.TopGroups, GroupScoreCount = options.GroupScoreCount,
        };
        pool.ReserveScratch(ExpertRouter<TSimd, TVector>.ScratchFloats(experts) * (long)sizeof(float));
        job.Scratch = pool.Scratches;
        pool.Run(job.Split.Cut(routing.Tokens, (options.TopK + 8L) * experts), &ExpertRouter<TSimd, TVector>.RouteRows, &job);
        SortPairs((int*)routing.Experts.Data, (int)routing.Experts.Count, experts, (int*)routing.Pairs.Data, (int*)routing.Starts.Data);
    }

    /// <inheritdoc/>
    protected override void ExpertGateUpInto(in Tensor x, in Tensor weight, in Tensor bias, in ExpertRouting routing, ExpertOptions options, in Tensor output)
    {
        var job = ExpertJob(x, weight, bias, routing, output);
        job.N = (int)weight.Shape[1] / 2;
        job.Gather = (int*)routing.Pairs.Data;
        job.GatherDivisor = routing.TopK;
        job.GatherWeights = options.WeightInput ? (float*)routing.Weights.Data : null;
        job.Activation = options.Activation;
        job.ActivationLimit = options.Limit;
        var chunks = CutExperts(ref job, weight.DType, routing);
        pool.ReserveScratch(2L * MaxBlockRows * job.BlockN * sizeof(float));
        job.Scratch = pool.Scratches;
        switch (weight.DType)
        {
            case DType.Float32: pool.Run(chunks, &GateUpBlock<Float32Weight<TSimd, TVector>>, &job); break;
            case DType.BFloat16: pool.Run(chunks, &GateUpBlock<BFloat16Weight<TSimd, TVector>>, &job); break;
            default: pool.Run(chunks, &GateUpBlock<Float16Weight<TSimd, TVector>>, &job); break;
        }
    }

    /// <inheritdoc/>
    protected override void ExpertDownInto(in Tensor x, in Tensor weight, in Tensor bias, in ExpertRouting routing, in Tensor output)
    {
        var job = ExpertJob(x, weight, bias, routing, output);
        job.Scatter = (int*)routing.Pairs.Data;
        var chunks = CutExperts(ref job, weight.DType, routing);
        switch (weight.DType)
        {
            case DType.Float32: pool.Run(chunks, &ExpertBlockOfRows<Float32Weight<TSimd, TVector>>, &job); break;
            case DType.BFloat16: pool.Run(chunks, &ExpertBlockOfRows<BFloat16Weight<TSimd, TVector>>, &job); break;
            default: pool.Run(chunks, &ExpertBlockOfRows<Float16Weight<TSimd, TVector>>, &job); break;
        }
    }

    /// <inheritdoc/>
    protected override void CombineExpertsInto(in Tensor x, in ExpertRouting routing, bool weighted, in Tensor output)
    {
        var job = new RowJob { A = new RowView(x), Output = new RowView(output), Kind = routing.TopK, Weights = weighted ? (float*)routing.Weights.Data : null };
        RunRows(ref job, job.Output.Count, job.Output.Width * (long)routing.TopK, 2 * job.Output.Width, &CombineRows);
    }

    /// <summary>Counting sort that keeps the order of equals.</summary>
    private static void SortPairs(int* experts, int pairs, int expertCount, int* sorted, int* starts)
    {
        new Span<int>(starts, expertCount + 1).Clear();
        for (var p = 0; p < pairs; p++) starts[experts[p]]++;
        var total = 0;
        for (var e = 0; e <= expertCount; e++) (starts[e], total) = (total, total + starts[e]);
        for (var p = 0; p < pairs; p++) sorted[starts[experts[p]]++] = p;
        // Each start has moved to the next one's.
        for (var e = expertCount; e > 0; e--) starts[e] = starts[e - 1];
        starts[0] = 0;
    }

    private static LinearJob ExpertJob(in Tensor x, in Tensor weight, in Tensor bias, in ExpertRouting routing, in Tensor output)
    {
        if (!weight.DType.IsCompute() || !weight.IsContiguous) throw new ArgumentException($"weight is {weight}, expected contiguous of a compute type", nameof(weight));
        if (!bias.IsNull && (!bias.DType.IsCompute() || !bias.IsContiguous)) throw new ArgumentException($"bias is {bias}, expected contiguous of a compute type", nameof(bias));
        return new LinearJob
        {
            X = new RowView(x), Output = new RowView(output),
            Weight = (byte*)weight.Data, WeightStride = weight.Strides[1] * weight.DType.Size(), ExpertStride = weight.Strides[0] * weight.DType.Size(),
            Bias = (byte*)bias.Data, BiasDType = bias.DType, ExpertBiasStride = bias.IsNull ? 0 : bias.Strides[0] * bias.DType.Size(),
            M = checked((int)routing.Pairs.Count), N = checked((int)weight.Shape[1]), K = checked((int)weight.Shape[2]),
            Interleaved = weight.DType == DType.BFloat16,
        };
    }

    /// <summary>Packs the rows and lists the runs of each expert; returns the number of chunks, columns first.</summary>
    private int CutExperts(ref LinearJob job, DType weight, in ExpertRouting routing)
    {
        var starts = Ints(routing.Starts);
        var most = routing.ExpertCount + job.M / MaxBlockRows;
        var bytes = ((long)most * sizeof(ExpertBlock) + 63) / 64 * 64;
        PackInput(ref job, bytes);
        job.Blocks = (ExpertBlock*)((byte*)job.Packed - bytes);
        var count = 0;
        for (var e = 0; e < routing.ExpertCount; e++)
            for (var first = starts[e]; first < starts[e + 1]; first += MaxBlockRows)
                job.Blocks[count++] = new ExpertBlock(e, first, Math.Min(starts[e + 1], first + MaxBlockRows));
        CutColumns(ref job, weight);
        return checked(count * job.BlocksN);
    }

    private static void ExpertBlockOfRows<TWeight>(void* arguments, int chunk, int worker) where TWeight : struct, IWeight<TVector>
    {
        var job = OfExpert(in *(LinearJob*)arguments, chunk, out var block, out var firstN);
        MultiplyRange<TWeight>(in job, block.First, block.End, firstN, Math.Min(job.N, firstN + job.BlockN));
    }

    /// <summary>Gates and ups of a block go to the thread's scratch, which they leave joined.</summary>
    private static void GateUpBlock<TWeight>(void* arguments, int chunk, int worker) where TWeight : struct, IWeight<TVector>
    {
        ref var all = ref *(LinearJob*)arguments;
        var job = OfExpert(in all, chunk, out var block, out var firstN);
        var columns = Math.Min(job.N - firstN, job.BlockN);
        var gates = (float*)all.Scratch[worker];
        var ups = gates + (long)MaxBlockRows * job.BlockN;
        // Rows and columns are counted over the whole product, so both views begin that far before the scratch.
        var origin = (long)block.First * job.BlockN + firstN;
        var view = new Shape(block.End, job.BlockN);
        job.Output = new RowView(new Tensor((nint)(gates - origin), DType.Float32, view));
        MultiplyRange<TWeight>(in job, block.First, block.End, firstN, firstN + columns);
        job.Weight += job.N * job.WeightStride;
        if (job.Bias != null) job.Bias += job.N * job.BiasDType.Size();
        job.Output = new RowView(new Tensor((nint)(ups - origin), DType.Float32, view));
        MultiplyRange<TWeight>(in job, block.First, block.End, firstN, firstN + columns);
        for (var row = block.First; row < block.End; row++, gates += job.BlockN, ups += job.BlockN)
        {
            ActAndMul(job.Activation, job.ActivationLimit, gates, ups, gates, columns);
            Conversion<TSimd, TVector>.FromFloat(gates, all.Output[row] + (long)firstN * all.Output.DType.Size(), all.Output.DType, columns);
        }
    }

    private static LinearJob OfExpert(in LinearJob all, int chunk, out ExpertBlock block, out int firstN)
    {
        var job = all;
        (block, firstN) = (all.Blocks[chunk / all.BlocksN], chunk % all.BlocksN * all.BlockN);
        job.Weight += block.Expert * all.ExpertStride;
        if (job.Bias != null) job.Bias += block.Expert * all.ExpertBiasStride;
        return job;
    }

    private static void CombineRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(RowJob*)arguments;
        var (width, topK) = (job.Output.Width, job.Kind);
        var scratch = (float*)job.Scratch[worker];
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
        {
            var sum = Conversion<TSimd, TVector>.Target(job.Output[row], job.Output.DType, scratch);
            new Span<float>(sum, width).Clear();
            for (var pair = row * topK; pair < (row + 1) * topK; pair++)
            {
                var x = Conversion<TSimd, TVector>.Read(job.A[pair], job.A.DType, scratch + width, width);
                AddScaled(sum, x, job.Weights == null ? 1 : job.Weights[pair], width);
            }
            Conversion<TSimd, TVector>.Write(sum, job.Output[row], job.Output.DType, width);
        }
    }

    private static void AddScaled(float* sum, float* x, float factor, int count)
    {
        var i = 0;
        for (; i + TSimd.Width <= count; i += TSimd.Width) TSimd.Store(sum + i, TSimd.MultiplyAdd(TSimd.Create(factor), TSimd.Load(x + i), TSimd.Load(sum + i)));
        for (; i < count; i++) sum[i] = MathF.FusedMultiplyAdd(factor, x[i], sum[i]);
    }
}
