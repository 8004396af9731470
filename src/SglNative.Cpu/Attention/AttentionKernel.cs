using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SglNative.Core.Tensors;
using SglNative.Cpu.Linear;
using SglNative.Cpu.Operations;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Attention;

/// <summary>
/// Attention of one block of query tokens, over one key head's group of query heads. The arithmetic of a row depends on nothing
/// but its query, its position and the keys before it: scores are tiles of 64 absolute positions, folded in their order into a
/// running (maximum, denominator, weighted sum); runs of 512 positions are folded by themselves and then merged in order, so
/// that they may also be computed by different threads.
/// </summary>
internal static unsafe class AttentionKernel<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int KeyBlock = AttentionJob.KeyBlock;

    /// <summary>A chunk is a block and key head with all its keys: the result goes to the output.</summary>
    public static void RunWhole(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(AttentionJob*)arguments;
        // Later blocks of a prompt see more keys: the longest first leaves the least to wait for at the end.
        var block = job.Blocks + (job.BlockCount - 1 - chunk / job.KeyHeads);
        var head = chunk % job.KeyHeads;
        var scratch = new Scratch(in job, worker);
        var rows = block->Count * job.Group;
        LoadQueries(in job, in *block, head, scratch.Queries);
        var (first, end) = KeyRange(in job, in *block);
        Clear(in job, scratch.Total, rows);
        for (var split = first / AttentionJob.SplitLength; split * AttentionJob.SplitLength < end; split++)
        {
            Clear(in job, scratch.Partial, rows);
            RunSplit(in job, in *block, head, split, in scratch);
            for (var row = 0; row < rows; row++) Merge(in job, scratch.Total + row * job.PartialStride, scratch.Partial + row * job.PartialStride);
        }
        StoreRows(in job, in *block, head, scratch.Total, scratch.Queries);
    }

    /// <summary>A chunk is a block, key head and split: the result goes to the partials.</summary>
    public static void RunSplit(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(AttentionJob*)arguments;
        var (split, head, block) = (chunk % job.Splits, chunk / job.Splits % job.KeyHeads, chunk / job.Splits / job.KeyHeads);
        var scratch = new Scratch(in job, worker) { Partial = job.Partial(block, head, split) };
        Clear(in job, scratch.Partial, job.Blocks[block].Count * job.Group);
        var (first, end) = KeyRange(in job, in job.Blocks[block]);
        if (split < first / AttentionJob.SplitLength || split * AttentionJob.SplitLength >= end) return;
        LoadQueries(in job, in job.Blocks[block], head, scratch.Queries);
        RunSplit(in job, in job.Blocks[block], head, split, in scratch);
    }

    /// <summary>A chunk is a block and key head, whose partials are merged into the output.</summary>
    public static void MergeSplits(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(AttentionJob*)arguments;
        var (head, block) = (chunk % job.KeyHeads, chunk / job.KeyHeads);
        var scratch = new Scratch(in job, worker);
        var rows = job.Blocks[block].Count * job.Group;
        Clear(in job, scratch.Total, rows);
        for (var split = 0; split < job.Splits; split++)
        {
            var partial = job.Partial(block, head, split);
            for (var row = 0; row < rows; row++) Merge(in job, scratch.Total + row * job.PartialStride, partial + row * job.PartialStride);
        }
        StoreRows(in job, in job.Blocks[block], head, scratch.Total, scratch.Queries);
    }

    /// <summary>The positions that the block's tokens see, taken together.</summary>
    private static (int First, int End) KeyRange(in AttentionJob job, in QueryBlock block) =>
        (FirstKey(in job, block.Position), block.Position + block.Count);

    private static int FirstKey(in AttentionJob job, int position) => job.Window > 0 ? Math.Max(0, position - job.Window + 1) : 0;

    private static void Clear(in AttentionJob job, float* partial, int rows)
    {
        for (var row = 0; row < rows; row++, partial += job.PartialStride)
        {
            new Span<float>(partial, job.Padded).Clear();
            (partial[job.Padded], partial[job.Padded + 1]) = (float.NegativeInfinity, 0);
        }
    }

    private static void LoadQueries(in AttentionJob job, in QueryBlock block, int head, float* queries)
    {
        for (var token = 0; token < block.Count; token++)
        {
            for (var g = 0; g < job.Group; g++, queries += job.Padded)
            {
                var source = job.Query + (block.Token + token) * job.QueryTokenStride + (head * job.Group + g) * job.QueryHeadStride;
                Packing<TSimd, TVector>.Pack(source, job.QueryDType, job.QueryDim, false, null, queries);
                if (job.QueryDim == job.HeadDim) continue;
                var tail = job.QueryTail + (block.Token + token) * job.QueryTailTokenStride + (head * job.Group + g) * job.QueryTailHeadStride;
                Conversion<TSimd, TVector>.ToFloat(tail, job.QueryDType, queries + job.QueryDim, job.HeadDim - job.QueryDim);
                new Span<float>(queries + job.HeadDim, job.Padded - job.HeadDim).Clear();
            }
        }
    }

    private static void RunSplit(in AttentionJob job, in QueryBlock block, int head, int split, in Scratch scratch)
    {
        var (first, end) = KeyRange(in job, in block);
        first = Math.Max(first, split * AttentionJob.SplitLength);
        end = Math.Min(end, (split + 1) * AttentionJob.SplitLength);
        for (var start = first / KeyBlock * KeyBlock; start < end; start += KeyBlock)
        {
            var (from, to) = (Math.Max(first, start) - start, Math.Min(end, start + KeyBlock) - start);
            Gather(in job, block.Sequence, head, start, from, to, scratch.Keys, scratch.Values);
            Score(in job, block.Count * job.Group, from, to, in scratch);
            for (var token = 0; token < block.Count; token++)
            {
                var position = block.Position + token;
                var (low, high) = (Math.Max(0, FirstKey(in job, position) - start), Math.Min(KeyBlock, position + 1 - start));
                if (low >= high) continue;
                for (var row = token * job.Group; row < (token + 1) * job.Group; row++)
                {
                    var partial = scratch.Partial + row * job.PartialStride;
                    var scores = scratch.Scores + row * KeyBlock;
                    var correction = Exponentiate(in job, scores, low, high, ref partial[job.Padded], ref partial[job.Padded + 1]);
                    Accumulate(partial, correction, scores, scratch.Values, low, high, job.ValuePadded, job.Padded);
                }
            }
        }
    }

    /// <summary>Copies keys and values at positions start + from … start + to − 1, as float32, padded to the tiles' steps.</summary>
    private static void Gather(in AttentionJob job, int sequence, int head, int start, int from, int to, float* keys, float* values)
    {
        var table = job.PageTable + sequence * job.PageTableStride;
        while (from < to)
        {
            var (page, offset) = Math.DivRem(start + from, job.PageSize);
            var count = Math.Min(to - from, job.PageSize - offset);
            var source = job.Cache + table[page * job.PageTableStep] * job.PageStride + head * job.HeadStride + offset * job.TokenStride;
            CopyRows(in job, source, count, keys + from * job.Padded);
            if (job.ValueOffset != 0) CopyRows(in job, source + job.ValueOffset, count, values + from * job.Padded);
            from += count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows(in AttentionJob job, byte* source, int count, float* destination)
    {
        for (; count > 0; count--, source += job.TokenStride, destination += job.Padded)
        {
            var i = 0;
            if (job.CacheDType == DType.BFloat16)
                for (; i + TSimd.Width <= job.HeadDim; i += TSimd.Width) TSimd.Store(destination + i, TSimd.LoadBFloat16((ushort*)source + i));
            else if (job.CacheDType == DType.Float32)
                for (; i + TSimd.Width <= job.HeadDim; i += TSimd.Width) TSimd.Store(destination + i, TSimd.Load((float*)source + i));
            if (i < job.HeadDim) Conversion<TSimd, TVector>.ToFloat(source + i * job.CacheDType.Size(), job.CacheDType, destination + i, job.HeadDim - i);
            for (i = job.HeadDim; i < job.Padded; i++) destination[i] = 0;
        }
    }

    /// <summary>scores[row, key] = query · key, for the keys from … to − 1 and some around them that nobody reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score(in AttentionJob job, int rows, int from, int to, in Scratch scratch)
    {
        var sums = stackalloc Vector128<float>[6];
        var stride = (long)job.Padded * sizeof(float);
        for (int row = 0, count; row < rows; row += count)
        {
            count = LinearTiling.Rows<TSimd, TVector>(rows - row);
            for (var key = from & ~3; key < to; key += 4)
            {
                var k = (byte*)(scratch.Keys + key * job.Padded);
                Tile<TSimd, TVector, Float32Weight<TSimd, TVector>>.Run(
                    count, scratch.Queries + row * job.Padded, job.Padded, k, k + stride, k + 2 * stride, k + 3 * stride, job.Padded, null, sums);
                for (var i = 0; i < count; i++) sums[i].Store(scratch.Scores + (row + i) * KeyBlock + key);
            }
        }
    }

    /// <summary>
    /// Turns a row's scores into weights relative to its new maximum, adds them to its denominator, and returns the factor by
    /// which the maximum's change scales what was summed before. Keys outside low … high − 1 get weight 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Exponentiate(in AttentionJob job, float* scores, int low, int high, ref float maximum, ref float denominator)
    {
        var scale = TSimd.Create(job.Scale);
        for (var i = 0; i < KeyBlock; i += TSimd.Width)
        {
            var score = TSimd.Multiply(TSimd.Load(scores + i), scale);
            if (job.SoftCap > 0)
                score = TSimd.Multiply(TSimd.Create(job.SoftCap), SimdMath<TSimd, TVector>.Tanh(TSimd.Divide(score, TSimd.Create(job.SoftCap))));
            TSimd.Store(scores + i, score);
        }
        for (var i = 0; i < low; i++) scores[i] = float.NegativeInfinity;
        for (var i = high; i < KeyBlock; i++) scores[i] = float.NegativeInfinity;

        var max = TSimd.Load(scores);
        for (var i = TSimd.Width; i < KeyBlock; i += TSimd.Width) max = TSimd.Max(max, TSimd.Load(scores + i));
        var newMaximum = MathF.Max(maximum, TSimd.MaxAcross(max));
        var shift = TSimd.Create(newMaximum);
        var sum = TSimd.Create(0);
        for (var i = 0; i < KeyBlock; i += TSimd.Width)
        {
            var weight = SimdMath<TSimd, TVector>.Exp(TSimd.Subtract(TSimd.Load(scores + i), shift));
            TSimd.Store(scores + i, weight);
            sum = TSimd.Add(sum, weight);
        }
        var correction = Exp(maximum - newMaximum);
        denominator = denominator * correction + TSimd.Sum(sum);
        maximum = newMaximum;
        return correction;
    }

    /// <summary>sums = sums · correction + Σ weights[j] · values[j], in the order of j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(float* sums, float correction, float* weights, float* values, int low, int high, int count, int stride)
    {
        var factor = TSimd.Create(correction);
        var i = 0;
        for (; i + 4 * TSimd.Width <= count; i += 4 * TSimd.Width)
        {
            var a = TSimd.Multiply(TSimd.Load(sums + i), factor);
            var b = TSimd.Multiply(TSimd.Load(sums + i + TSimd.Width), factor);
            var c = TSimd.Multiply(TSimd.Load(sums + i + 2 * TSimd.Width), factor);
            var d = TSimd.Multiply(TSimd.Load(sums + i + 3 * TSimd.Width), factor);
            var value = values + (long)low * stride + i;
            for (var j = low; j < high; j++, value += stride)
            {
                var weight = TSimd.Create(weights[j]);
                a = TSimd.MultiplyAdd(weight, TSimd.Load(value), a);
                b = TSimd.MultiplyAdd(weight, TSimd.Load(value + TSimd.Width), b);
                c = TSimd.MultiplyAdd(weight, TSimd.Load(value + 2 * TSimd.Width), c);
                d = TSimd.MultiplyAdd(weight, TSimd.Load(value + 3 * TSimd.Width), d);
            }
            TSimd.Store(sums + i, a);
            TSimd.Store(sums + i + TSimd.Width, b);
            TSimd.Store(sums + i + 2 * TSimd.Width, c);
            TSimd.Store(sums + i + 3 * TSimd.Width, d);
        }
        for (; i < count; i += TSimd.Width)
        {
            var a = TSimd.Multiply(TSimd.Load(sums + i), factor);
            for (var j = low; j < high; j++) a = TSimd.MultiplyAdd(TSimd.Create(weights[j]), TSimd.Load(values + (long)j * stride + i), a);
            TSimd.Store(sums + i, a);
        }
    }

    /// <summary>Folds a later split's result into the total of those before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Merge(in AttentionJob job, float* total, float* partial)
    {
        ref var maximum = ref total[job.Padded];
        var added = partial[job.Padded];
        if (added == float.NegativeInfinity) return;
        var newMaximum = MathF.Max(maximum, added);
        var (before, after) = (Exp(maximum - newMaximum), Exp(added - newMaximum));
        for (var i = 0; i < job.ValuePadded; i += TSimd.Width)
        {
            var sum = TSimd.Multiply(TSimd.Load(total + i), TSimd.Create(before));
            TSimd.Store(total + i, TSimd.MultiplyAdd(TSimd.Load(partial + i), TSimd.Create(after), sum));
        }
        maximum = newMaximum;
        total[job.Padded + 1] = total[job.Padded + 1] * before + partial[job.Padded + 1] * after;
    }

    private static void StoreRows(in AttentionJob job, in QueryBlock block, int head, float* total, float* scratch)
    {
        var size = job.OutputDType.Size();
        for (var row = 0; row < block.Count * job.Group; row++, total += job.PartialStride)
        {
            var (token, g) = (block.Token + row / job.Group, row % job.Group);
            var factor = TSimd.Create(Share(total[job.Padded], total[job.Padded + 1], job.Sinks == null ? float.NegativeInfinity : job.Sinks[head * job.Group + g]));
            for (var i = 0; i < job.ValuePadded; i += TSimd.Width) TSimd.Store(scratch + i, TSimd.Multiply(TSimd.Load(total + i), factor));
            var destination = job.Output + ((long)token * job.KeyHeads * job.Group + head * job.Group + g) * job.ValueDim * size;
            Conversion<TSimd, TVector>.FromFloat(scratch, destination, job.OutputDType, job.ValueDim);
        }
    }

    /// <summary>What turns a sum of values weighted relative to <paramref name="maximum"/> into their mean: the sink adds to the denominator only.</summary>
    private static float Share(float maximum, float denominator, float sink)
    {
        if (sink == float.NegativeInfinity) return 1f / denominator;
        // Relative to the larger of the two, so that neither exponential overflows.
        return sink <= maximum ? 1f / (denominator + Exp(sink - maximum)) : Exp(maximum - sink) / (denominator * Exp(maximum - sink) + 1f);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Exp(float x)
    {
        var lanes = stackalloc float[TSimd.Width];
        TSimd.Store(lanes, SimdMath<TSimd, TVector>.Exp(TSimd.Create(x)));
        return *lanes;
    }

    /// <summary>The parts of a thread's scratch memory.</summary>
    private readonly struct Scratch
    {
        public readonly float* Keys;
        public readonly float* Values;
        public readonly float* Queries;
        public readonly float* Scores;
        public readonly float* Total;

        public Scratch(in AttentionJob job, int worker)
        {
            Keys = (float*)job.Scratch[worker];
            Values = job.ValueOffset == 0 ? Keys : Keys + KeyBlock * job.Padded;
            Queries = Keys + 2 * KeyBlock * job.Padded;
            Scores = Queries + job.MaxRows * job.Padded;
            Total = Scores + job.MaxRows * KeyBlock;
            Partial = Total + job.MaxRows * job.PartialStride;
        }

        public float* Partial { get; init; }
    }
}
