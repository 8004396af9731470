using SglNative.Core.Tensors;
using SglNative.Models.Operations;

namespace SglNative.OpsContract;

/// <summary>Sequences whose keys and values lie on pages in no particular order, between pages that belong to nobody and hold NaN.</summary>
public sealed class PagedSequences
{
    private readonly List<float[]> _keys = [];
    private readonly List<float[]> _values = [];
    private readonly int _heads;
    private readonly int _dim;

    public PagedSequences(DType dtype, int pageSize, int heads, int dim, (int Queries, int Keys)[] sequences)
    {
        (_heads, _dim) = (heads, dim);
        var used = sequences.Sum(s => (s.Keys + pageSize - 1) / pageSize);
        Pages = used + 3;
        PagesPerSequence = sequences.Max(s => (s.Keys + pageSize - 1) / pageSize) + 1;
        Cache = new float[Pages * 2 * heads * pageSize * dim];
        Array.Fill(Cache, float.NaN);
        var random = new Random(pageSize + dim);
        var free = new Queue<int>(Enumerable.Range(0, Pages).OrderBy(_ => random.Next()));
        PageTable = new int[sequences.Length * PagesPerSequence];
        Array.Fill(PageTable, int.MaxValue);
        QueryStart = new int[sequences.Length + 1];
        for (var b = 0; b < sequences.Length; b++)
        {
            QueryStart[b + 1] = QueryStart[b] + sequences[b].Queries;
            _keys.Add(Numbers.Rounded(Numbers.Random(sequences[b].Keys * heads * dim, 2 * b), dtype));
            _values.Add(Numbers.Rounded(Numbers.Random(sequences[b].Keys * heads * dim, 2 * b + 1), dtype));
            for (var p = 0; p < sequences[b].Keys; p++)
            {
                if (p % pageSize == 0) PageTable[b * PagesPerSequence + p / pageSize] = free.Dequeue();
                var page = PageTable[b * PagesPerSequence + p / pageSize];
                for (var h = 0; h < heads; h++)
                {
                    var source = (p * heads + h) * dim;
                    var target = ((page * 2 * heads + h) * pageSize + p % pageSize) * dim;
                    _keys[b].AsSpan(source, dim).CopyTo(Cache.AsSpan(target));
                    _values[b].AsSpan(source, dim).CopyTo(Cache.AsSpan(target + heads * pageSize * dim));
                }
            }
        }
    }

    /// <summary>[Pages, 2, heads, page size, dim].</summary>
    public float[] Cache { get; }

    public int Pages { get; }

    public int PagesPerSequence { get; }

    public int[] QueryStart { get; }

    public int[] PageTable { get; }

    /// <summary>What attention ought to give, [token, query head, dim], of queries [token, query head, dim] whose rows are <paramref name="stride"/> apart.</summary>
    public double[] Attend(float[] q, int stride, int queryHeads, AttentionOptions options, float[]? sinks = null)
    {
        var result = new double[QueryStart[^1] * queryHeads * _dim];
        var group = queryHeads / _heads;
        Parallel.For(0, _keys.Count * _heads, item =>
        {
            var (b, head) = Math.DivRem(item, _heads);
            var (keys, values) = (Head(_keys[b], head), Head(_values[b], head));
            for (var t = QueryStart[b]; t < QueryStart[b + 1]; t++)
            {
                // The queries are those of the last positions.
                var position = keys.Length / _dim - QueryStart[b + 1] + t;
                var first = options.Window > 0 ? Math.Max(0, position - options.Window + 1) : 0;
                for (var h = head * group; h < (head + 1) * group; h++)
                    Reference.Attend(q.AsSpan(t * stride + h * _dim, _dim), keys, values, first, position, options, sinks?[h]).CopyTo(result, (t * queryHeads + h) * _dim);
            }
        });
        return result;
    }

    private float[] Head(float[] all, int head)
    {
        var result = new float[all.Length / _heads];
        for (var p = 0; p < result.Length / _dim; p++) all.AsSpan((p * _heads + head) * _dim, _dim).CopyTo(result.AsSpan(p * _dim));
        return result;
    }
}
