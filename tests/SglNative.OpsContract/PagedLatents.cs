using SglNative.Core.Tensors;
using SglNative.Models.Operations;

namespace SglNative.OpsContract;

/// <summary>Sequences whose latent rows lie on pages in no particular order, between pages that belong to nobody and hold NaN.</summary>
public sealed class PagedLatents
{
    private readonly List<float[]> _rows = [];
    private readonly int _width;

    public PagedLatents(DType dtype, int pageSize, int width, (int Queries, int Keys)[] sequences)
    {
        _width = width;
        Pages = sequences.Sum(s => (s.Keys + pageSize - 1) / pageSize) + 3;
        PagesPerSequence = sequences.Max(s => (s.Keys + pageSize - 1) / pageSize) + 1;
        Cache = new float[Pages * pageSize * width];
        Array.Fill(Cache, float.NaN);
        var random = new Random(pageSize + width);
        var free = new Queue<int>(Enumerable.Range(0, Pages).OrderBy(_ => random.Next()));
        PageTable = new int[sequences.Length * PagesPerSequence];
        Array.Fill(PageTable, int.MaxValue);
        QueryStart = new int[sequences.Length + 1];
        for (var b = 0; b < sequences.Length; b++)
        {
            QueryStart[b + 1] = QueryStart[b] + sequences[b].Queries;
            _rows.Add(Numbers.Rounded(Numbers.Random(sequences[b].Keys * width, b), dtype));
            for (var p = 0; p < sequences[b].Keys; p++)
            {
                if (p % pageSize == 0) PageTable[b * PagesPerSequence + p / pageSize] = free.Dequeue();
                var page = PageTable[b * PagesPerSequence + p / pageSize];
                _rows[b].AsSpan(p * width, width).CopyTo(Cache.AsSpan((page * pageSize + p % pageSize) * width));
            }
        }
    }

    /// <summary>[Pages, page size, width].</summary>
    public float[] Cache { get; }

    public int Pages { get; }

    public int PagesPerSequence { get; }

    public int[] QueryStart { get; }

    public int[] PageTable { get; }

    /// <summary>
    /// What latent attention ought to give, [token, head, rank], of queries [token, head, rank] and rotated queries that follow
    /// <paramref name="gap"/> others in [token, head, gap + rope].
    /// </summary>
    public double[] Attend(float[] q, float[] qRope, int heads, int rank, int gap, float scale)
    {
        var result = new double[QueryStart[^1] * heads * rank];
        var sequences = Enumerable.Range(0, _rows.Count).SelectMany(b => Enumerable.Repeat(b, QueryStart[b + 1] - QueryStart[b])).ToArray();
        Parallel.For(0, QueryStart[^1] * heads, row =>
        {
            var (t, b) = (row / heads, sequences[row / heads]);
            var query = new float[_width];
            q.AsSpan(row * rank, rank).CopyTo(query);
            qRope.AsSpan(row * (gap + _width - rank) + gap, _width - rank).CopyTo(query.AsSpan(rank));
            // The queries are those of the last positions.
            var position = _rows[b].Length / _width - QueryStart[b + 1] + t;
            Reference.Attend(query, _rows[b], _rows[b], 0, position, new AttentionOptions { Scale = scale }).AsSpan(0, rank).CopyTo(result.AsSpan(row * rank));
        });
        return result;
    }
}
