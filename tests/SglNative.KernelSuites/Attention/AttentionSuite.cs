using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Operations;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>Attention over pages in no particular order, between pages that hold NaN.</summary>
/// <param name="kernel">The kernel that the cases reach.</param>
/// <param name="cases">The cases.</param>
internal sealed class AttentionSuite(string kernel, IEnumerable<AttentionCase> cases) : KernelSuite
{
    public override string Kernel => kernel;

    public override IEnumerable<KernelCase> Checks => cases.Select(Check);

    public override IEnumerable<KernelCase> Speeds => kernel switch
    {
        "attention/prefill.cu" => [Speed(1, 512, 512), Speed(1, 4096, 4096), Speed(8, 1024, 1024), Speed(1, 2048, 16384)],
        "attention/decode.cu" => [Speed(1, 1, 256), Speed(64, 1, 256), Speed(256, 1, 1024)],
        "attention/combine.cu" => [Speed(1, 1, 4096), Speed(1, 1, 65536), Speed(64, 1, 4096)],
        _ => [Speed(1, 512, 512, DType.Float32), Speed(64, 1, 1024, DType.Float32)],
    };

    private static KernelCase Check(AttentionCase shape) => new(shape.ToString(), bench =>
    {
        var sequences = shape.Sequences;
        var batch = new PagedSequences(shape.Types.Cache, shape.PageSize, shape.KvHeads, shape.Dim, sequences);
        var tokens = sequences.Sum(s => s.Queries);
        var width = (shape.QueryHeads + 2 * shape.KvHeads) * shape.Dim;
        var projected = bench.Random(shape.Types.Query, tokens, width, scale: 3);
        var q = projected.Tensor.Slice(1, 0, shape.QueryHeads * shape.Dim).View(tokens, shape.QueryHeads, shape.Dim);
        var cache = bench.Upload(batch.Cache, shape.Types.Cache, batch.Pages, 2, shape.KvHeads, shape.PageSize, shape.Dim);
        var metadata = new AttentionMetadata
        {
            QueryStart = bench.Upload(batch.QueryStart),
            KvLengths = bench.Upload([.. sequences.Select(s => s.Keys)]),
            PageTable = bench.Upload(batch.PageTable, sequences.Length, batch.PagesPerSequence),
            PageSize = shape.PageSize,
            MaxQueryLength = sequences.Max(s => s.Queries),
            MaxKvLength = sequences.Max(s => s.Keys),
        };
        var options = new AttentionOptions { Scale = 1 / MathF.Sqrt(shape.Dim), Window = shape.Window, SoftCap = shape.SoftCap };
        return new(() => bench.Ops.Attention(q, cache, metadata, options))
        {
            Expected = () => batch.Attend(projected.Values, width, shape.QueryHeads, options),
            // Weights of the softmax may be rounded to the type as well.
            Tolerance = 1e-5 + 2.5 * Numbers.Roundoff(shape.Types.Query),
        };
    });

    // The heads of an 8B model: 32 of queries, 8 of the cache, 128 elements.
    private static KernelCase Speed(int sequences, int queries, int keys, DType dtype = DType.BFloat16) => new($"{dtype} {sequences} x {queries}/{keys} heads 32/8x128 pages of 64", bench =>
    {
        const int queryHeads = 32, kvHeads = 8, dim = 128, pageSize = 64;
        var pages = (keys + pageSize - 1) / pageSize;
        var q = bench.Filled(dtype, sequences * queries, queryHeads, dim);
        var cache = bench.Filled(dtype, sequences * pages, 2, kvHeads, pageSize, dim);
        var metadata = new AttentionMetadata
        {
            QueryStart = bench.Upload(Enumerable.Range(0, sequences + 1).Select(b => b * queries).ToArray()),
            KvLengths = bench.Upload([.. Enumerable.Repeat(keys, sequences)]),
            PageTable = bench.Upload(Enumerable.Range(0, sequences * pages).ToArray(), sequences, pages),
            PageSize = pageSize,
            MaxQueryLength = queries,
            MaxKvLength = keys,
        };
        var options = new AttentionOptions { Scale = 1 / MathF.Sqrt(dim) };
        // A query sees the keys up to its own.
        var pairs = sequences * ((double)queries * (keys - queries) + queries * (queries + 1.0) / 2);
        return new(() => bench.Ops.Attention(q, cache, metadata, options))
        {
            Bytes = dtype.Bytes(2L * sequences * queries * queryHeads * dim) + dtype.Bytes(2L * sequences * keys * kvHeads * dim),
            Flops = dtype == DType.Float32 ? 0 : 4 * pairs * queryHeads * dim,
        };
    });
}
