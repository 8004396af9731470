using SglNative.Core.Tensors;

namespace SglNative.OpsContract;

/// <summary>Sequences whose latent rows lie on pages in no particular order, between pages that belong to nobody and hold NaN.</summary>
public sealed class PagedLatents
{
    private readonly List<float[]> _rows = [];

    public PagedLatents(DType dtype, int pageSize, int width, (int Queries, int Keys)[] sequences)
    {
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

    /// <summary>A sequence's rows [position, width].</summary>
    public float[] Rows(int sequence) => _rows[sequence];
}
