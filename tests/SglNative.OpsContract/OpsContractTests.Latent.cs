using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Operations;

namespace SglNative.OpsContract;

public abstract partial class OpsContractTests
{
    [Fact]
    public void Head_linear_multiplies_each_head_by_its_own_weight()
    {
        foreach (var (xType, weightType) in LinearTypes)
            foreach (var (heads, n, k) in ((int, int, int)[])[(1, 4, 8), (2, 32, 16), (3, 17, 24), (16, 128, 40), (5, 512, 128)])
                foreach (var tokens in (int[])[0, 1, 2, 7, 40])
                {
                    // Heads of x have gaps: what is multiplied is the first part of each head of a projection.
                    var (gap, weight) = (k + 8, Numbers.Rounded(Numbers.Random(heads * n * k, n), weightType));
                    var x = Numbers.Rounded(Numbers.Random(tokens * heads * gap, k), xType);
                    var result = Ops.HeadLinear(Upload(x, xType, tokens, heads, gap).Slice(2, 0, k), Upload(weight, weightType, heads, n, k));
                    var expected = new double[tokens * heads * n];
                    for (var h = 0; h < heads; h++)
                    {
                        var rows = Enumerable.Range(0, tokens).SelectMany(t => x.AsSpan((t * heads + h) * gap, k).ToArray()).ToArray();
                        var product = Reference.Linear(rows, weight[(h * n * k)..((h + 1) * n * k)], null, tokens, n, k);
                        for (var t = 0; t < tokens; t++) product.AsSpan(t * n, n).CopyTo(expected.AsSpan((t * heads + h) * n));
                    }
                    AssertClose(Download(result), expected, LinearTolerance(xType, weightType, xType), $"{xType}·{weightType} {tokens}x{heads}x({n}x{k})");
                    if (tokens == 7)
                    {
                        result = Ops.HeadLinear(Upload(x, xType, tokens, heads, gap).Slice(2, 0, k), Upload(weight, weightType, heads, n, k), weightType);
                        Assert.Equal(weightType, result.DType);
                        AssertClose(Download(result), expected, LinearTolerance(xType, weightType, weightType), $"{xType}·{weightType} {tokens}x{heads}x({n}x{k}) rounded");
                    }
                }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public void Stored_latents_are_found_at_their_slots_and_nowhere_else(int pageSize)
    {
        foreach (var (xType, cacheType) in AttentionTypes)
            foreach (var width in (int[])[8, 40, 576])
            {
                var pages = 200 / pageSize + 2;
                var x = Numbers.Rounded(Numbers.Random(9 * (width + 16), pageSize), xType);
                var before = Numbers.Rounded(Numbers.Random(pages * pageSize * width, 8), cacheType);
                var cache = Upload(before, cacheType, pages, pageSize, width);
                int[] slots = [0, 5, -1, 63, 64, 65, 199, -1, 100];
                Ops.StoreLatent(Upload(x, xType, 9, width + 16).Slice(1, 8, width), cache, UploadInts(slots));
                var expected = (float[])before.Clone();
                for (var t = 0; t < 9; t++)
                    if (slots[t] >= 0) x.AsSpan(t * (width + 16) + 8, width).CopyTo(expected.AsSpan(slots[t] * width));
                Assert.Equal(Numbers.Rounded(expected, cacheType), Download(cache));
            }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public void Latent_attention_agrees_over_page_sizes_heads_and_ranks(int pageSize)
    {
        (int Queries, int Keys)[] mixed = [(1, 1), (17, 17), (1, 64), (5, 130), (1, 200), (64, 65)];
        foreach (var types in AttentionTypes)
        {
            foreach (var (heads, rank, rope) in ((int, int, int)[])[(1, 16, 8), (2, 32, 8), (3, 48, 16), (16, 64, 24), (8, 128, 64), (20, 256, 64)])
                CheckLatentAttention(types, pageSize, heads, rank, rope, mixed);
            CheckLatentAttention(types, pageSize, 16, 512, 64, [(3, 40), (1, 65), (1, 7)]);
            CheckLatentAttention(types, pageSize, 128, 512, 64, [(1, 70), (2, 33)]);
        }
    }

    [Fact]
    public void Latent_attention_over_long_sequences_and_many_of_them_agrees()
    {
        foreach (var types in AttentionTypes)
        {
            CheckLatentAttention(types, 64, 4, 128, 64, [(1, 3000)]);
            CheckLatentAttention(types, 16, 2, 32, 8, [(300, 700), (1, 513), (1, 512)]);
            CheckLatentAttention(types, 16, 4, 32, 8, [.. Enumerable.Range(1, 40).Select(i => (1, i * 7 % 90 + 1))]);
        }
    }

    private void CheckLatentAttention((DType Query, DType Cache) types, int pageSize, int heads, int rank, int rope, (int Queries, int Keys)[] sequences)
    {
        var width = rank + rope;
        var batch = new PagedLatents(types.Cache, pageSize, width, sequences);
        var tokens = sequences.Sum(s => s.Queries);
        var scale = 1 / MathF.Sqrt(width);
        var q = Numbers.Rounded(Numbers.Random(tokens * heads * rank, rank, 3), types.Query);
        // The rotated part is the end of each head of a projection.
        var gap = 16 + rope;
        var qRope = Numbers.Rounded(Numbers.Random(tokens * heads * gap, rope, 3), types.Query);
        var output = Ops.LatentAttention(
            Upload(q, types.Query, tokens, heads, rank), Upload(qRope, types.Query, tokens, heads, gap).Slice(2, 16, rope),
            Upload(batch.Cache, types.Cache, batch.Pages, pageSize, width),
            new AttentionMetadata
            {
                QueryStart = UploadInts(batch.QueryStart), KvLengths = UploadInts([.. sequences.Select(s => s.Keys)]),
                PageTable = UploadInts(batch.PageTable, sequences.Length, batch.PagesPerSequence), PageSize = pageSize,
                MaxQueryLength = sequences.Max(s => s.Queries), MaxKvLength = sequences.Max(s => s.Keys),
            },
            new AttentionOptions { Scale = scale });
        Assert.Equal(types.Query, output.DType);
        AssertClose(Download(output), batch.Attend(q, qRope, heads, rank, gap - rope, scale), AttentionTolerance(types.Query), $"{types} page {pageSize} {heads} heads, rank {rank} + {rope}");
    }
}
