using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Operations;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>Attention to latents on pages in no particular order, between pages that hold NaN.</summary>
/// <param name="kernel">The kernel that the cases reach.</param>
/// <param name="cases">The cases.</param>
internal sealed class LatentSuite(string kernel, IEnumerable<LatentCase> cases) : KernelSuite
{
    public override string Kernel => kernel;

    public override IEnumerable<KernelCase> Checks => cases.Select(Check);

    public override IEnumerable<KernelCase> Speeds => kernel == "latent/plain.cu"
        ? [Speed(DType.Float32, 16, 64, 1, 1024)]
        : [Speed(DType.BFloat16, 128, 1, 1, 4096), Speed(DType.BFloat16, 16, 64, 1, 4096), Speed(DType.BFloat16, 128, 64, 1, 4096), Speed(DType.BFloat16, 16, 1, 2048, 2048)];

    private static KernelCase Check(LatentCase shape) => new(shape.ToString(), bench =>
    {
        const int gap = 16;
        var (sequences, width, tokens) = (shape.Sequences, shape.Rank + shape.Rope, shape.Sequences.Sum(s => s.Queries));
        var batch = new PagedLatents(shape.Cache, shape.PageSize, width, sequences);
        var q = bench.Random(shape.Query, tokens * shape.Heads, shape.Rank, scale: 3);
        // The rotated part is the end of each head of a projection.
        var projected = bench.Random(shape.Query, tokens * shape.Heads, gap + shape.Rope, scale: 3);
        var cache = bench.Upload(batch.Cache, shape.Cache, batch.Pages, shape.PageSize, width);
        var metadata = Metadata(bench, batch.QueryStart, [.. sequences.Select(s => s.Keys)], bench.Upload(batch.PageTable, sequences.Length, batch.PagesPerSequence),
            shape.PageSize, sequences.Max(s => s.Queries));
        var options = new AttentionOptions { Scale = 1 / MathF.Sqrt(width) };
        return new(() => bench.Ops.LatentAttention(
            q.Tensor.View(tokens, shape.Heads, shape.Rank), projected.Tensor.View(tokens, shape.Heads, gap + shape.Rope).Slice(2, gap, shape.Rope), cache, metadata, options))
        {
            Expected = () => batch.Attend(q.Values, projected.Values, shape.Heads, shape.Rank, gap, options.Scale),
            // Weights of the softmax may be rounded to the type as well.
            Tolerance = 1e-5 + 2.5 * Numbers.Roundoff(shape.Query),
        };
    }) { IsLarge = shape.IsLarge };

    // The latents of DeepSeek V2 and V3.
    private static KernelCase Speed(DType dtype, int heads, int sequences, int queries, int keys) => new($"{dtype} {sequences} x {queries}/{keys} heads {heads}x(512+64) pages of 64", bench =>
    {
        const int rank = 512, rope = 64, pageSize = 64;
        var (pages, tokens) = (keys / pageSize, sequences * queries);
        var (q, qRope) = (bench.Filled(dtype, tokens, heads, rank), bench.Filled(dtype, tokens, heads, rope));
        var cache = bench.Filled(dtype, sequences * pages, pageSize, rank + rope);
        var metadata = Metadata(bench, [.. Enumerable.Range(0, sequences + 1).Select(b => b * queries)], [.. Enumerable.Repeat(keys, sequences)],
            bench.Upload(Enumerable.Range(0, sequences * pages).ToArray(), sequences, pages), pageSize, queries);
        var options = new AttentionOptions { Scale = 1 / MathF.Sqrt(rank + rope) };
        // A query sees the keys up to its own.
        var pairs = sequences * ((double)queries * (keys - queries) + queries * (queries + 1.0) / 2);
        return new(() => bench.Ops.LatentAttention(q, qRope, cache, metadata, options))
        {
            Bytes = dtype.Bytes((long)tokens * heads * (2 * rank + rope)) + dtype.Bytes((long)sequences * keys * (rank + rope)),
            Flops = dtype == DType.Float32 ? 0 : 2 * pairs * heads * (2 * rank + rope),
        };
    });

    private static AttentionMetadata Metadata(Workbench bench, int[] queryStart, int[] keys, Tensor pageTable, int pageSize, int mostQueries) => new()
    {
        QueryStart = bench.Upload(queryStart),
        KvLengths = bench.Upload(keys),
        PageTable = pageTable,
        PageSize = pageSize,
        MaxQueryLength = mostQueries,
        MaxKvLength = keys.Max(),
    };
}
