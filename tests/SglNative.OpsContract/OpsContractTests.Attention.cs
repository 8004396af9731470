using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Operations;

namespace SglNative.OpsContract;

public abstract partial class OpsContractTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rotary_embedding_turns_heads_of_strided_rows(bool interleaved)
    {
        foreach (var dtype in ActivationTypes)
            foreach (var (tokens, qHeads, kHeads, dim, rotary) in ((int, int, int, int, int)[])[(1, 4, 2, 64, 64), (5, 3, 3, 80, 32), (37, 8, 1, 128, 128), (3, 2, 2, 8, 6)])
            {
                var stride = (qHeads + 2 * kHeads) * dim;
                var x = Numbers.Rounded(Numbers.Random(tokens * stride, dim), dtype);
                var cosSin = Numbers.Random(50 * rotary, 4);
                var positions = Enumerable.Range(0, tokens).Select(t => t * 29 % 50).ToArray();
                var whole = Upload(x, dtype, tokens, stride);
                Ops.RotaryEmbedding(
                    whole.Slice(1, 0, qHeads * dim).View(tokens, qHeads, dim), whole.Slice(1, qHeads * dim, kHeads * dim).View(tokens, kHeads, dim),
                    UploadInts(positions), Upload(cosSin, DType.Float32, 50, rotary), interleaved);
                var expected = x.Select(v => (double)v).ToArray();
                for (var t = 0; t < tokens; t++)
                    for (var h = 0; h < qHeads + kHeads; h++)
                        Reference.Rotate(expected.AsSpan(t * stride + h * dim, dim), cosSin.AsSpan(positions[t] * rotary, rotary), interleaved);
                AssertClose(Download(whole), expected, Tolerance(dtype), $"{dtype} {tokens}x({qHeads}+{kHeads})x{dim}, {rotary} rotated");
            }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Heads_are_turned_and_stored_at_once(bool interleaved)
    {
        foreach (var (xType, cacheType) in AttentionTypes)
            foreach (var (tokens, qHeads, kHeads, dim, rotary) in ((int, int, int, int, int)[])[(1, 4, 2, 64, 64), (5, 3, 3, 80, 32), (9, 2, 2, 24, 10), (7, 8, 1, 128, 128), (4, 2, 1, 64, 0), (3, 2, 2, 8, 6)])
            {
                const int pageSize = 16;
                var (pages, stride) = (200 / pageSize + 2, (qHeads + 2 * kHeads) * dim);
                var x = Numbers.Rounded(Numbers.Random(tokens * stride, dim), xType);
                var cosSin = Numbers.Random(50 * rotary, 4);
                var positions = Enumerable.Range(0, tokens).Select(t => t * 29 % 50).ToArray();
                var before = Numbers.Rounded(Numbers.Random(pages * 2 * kHeads * pageSize * dim, 8), cacheType);
                var cache = Upload(before, cacheType, pages, 2, kHeads, pageSize, dim);
                int[] slots = [.. ((int[])[0, 5, -1, 63, 64, 65, 199, -1, 100])[..tokens]];
                var whole = Upload(x, xType, tokens, stride);
                var rotated = Ops.RotateAndStore(
                    whole.Slice(1, 0, qHeads * dim).View(tokens, qHeads, dim), whole.Slice(1, qHeads * dim, kHeads * dim).View(tokens, kHeads, dim),
                    whole.Slice(1, (qHeads + kHeads) * dim, kHeads * dim).View(tokens, kHeads, dim), UploadInts(positions),
                    rotary == 0 ? default : Upload(cosSin, DType.Float32, 50, rotary), interleaved, cache, UploadInts(slots), cacheType);
                Assert.Equal(cacheType, rotated.DType);

                var turned = x.Select(value => (double)value).ToArray();
                for (var t = 0; t < tokens; t++)
                    for (var h = 0; h < qHeads + kHeads; h++)
                        Reference.Rotate(turned.AsSpan(t * stride + h * dim, dim), cosSin.AsSpan(positions[t] * rotary, rotary), interleaved);
                var queries = Enumerable.Range(0, tokens).SelectMany(t => turned[(t * stride)..(t * stride + qHeads * dim)]).ToArray();
                var stored = before.Select(value => (double)value).ToArray();
                for (var t = 0; t < tokens; t++)
                    for (var row = 0; slots[t] >= 0 && row < 2 * kHeads; row++)
                        turned.AsSpan(t * stride + (qHeads + row) * dim, dim).CopyTo(stored.AsSpan(((slots[t] / pageSize * 2 * kHeads + row) * pageSize + slots[t] % pageSize) * dim));
                // By its parts, what is rotated in place is rounded twice.
                var tolerance = Tolerance(cacheType) + Tolerance(xType);
                AssertClose(Download(Ops.Cast(rotated, cacheType)), queries, tolerance, $"{xType} to {cacheType}, queries {tokens}x{qHeads}x{dim}, {rotary} rotated");
                AssertClose(Download(cache), stored, tolerance, $"{xType} to {cacheType}, keys and values {tokens}x{kHeads}x{dim}, {rotary} rotated");
            }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public void Stored_keys_and_values_are_found_at_their_slots_and_nowhere_else(int pageSize)
    {
        foreach (var (xType, cacheType) in AttentionTypes)
        {
            var (tokens, heads, dim, pages) = (9, 2, 24, 200 / pageSize + 2);
            var stride = 3 * heads * dim;
            var x = Numbers.Rounded(Numbers.Random(tokens * stride, pageSize), xType);
            var before = Numbers.Rounded(Numbers.Random(pages * 2 * heads * pageSize * dim, 8), cacheType);
            var cache = Upload(before, cacheType, pages, 2, heads, pageSize, dim);
            int[] slots = [0, 5, -1, 63, 64, 65, 199, -1, 100];
            var whole = Upload(x, xType, tokens, stride);
            Ops.StoreKv(whole.Slice(1, heads * dim, heads * dim).View(tokens, heads, dim), whole.Slice(1, 2 * heads * dim, heads * dim).View(tokens, heads, dim), cache, UploadInts(slots));
            var expected = (float[])before.Clone();
            for (var t = 0; t < tokens; t++)
                for (var kv = 0; slots[t] >= 0 && kv < 2; kv++)
                    for (var h = 0; h < heads; h++)
                        x.AsSpan(t * stride + ((1 + kv) * heads + h) * dim, dim).CopyTo(expected.AsSpan((((slots[t] / pageSize * 2 + kv) * heads + h) * pageSize + slots[t] % pageSize) * dim));
            Assert.Equal(Numbers.Rounded(expected, cacheType), Download(cache));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public void Attention_agrees_over_page_sizes_head_sizes_and_groups(int pageSize)
    {
        // Queries and keys per sequence: prefills, chunks of prefills, decode steps, side by side.
        (int Queries, int Keys)[] mixed = [(1, 1), (17, 17), (1, 64), (5, 130), (1, 200), (64, 65)];
        foreach (var types in AttentionTypes)
            foreach (var (qHeads, kHeads, dim) in ((int, int, int)[])[(1, 1, 8), (4, 1, 64), (6, 2, 80), (8, 8, 32), (7, 1, 128), (4, 2, 256)])
                CheckAttention(types, pageSize, qHeads, kHeads, dim, mixed, new AttentionOptions { Scale = 1 / MathF.Sqrt(dim) });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public void Attention_keeps_to_its_window_and_soft_cap(int pageSize)
    {
        (int Queries, int Keys)[] mixed = [(1, 3), (40, 40), (1, 129), (70, 200), (1, 700)];
        foreach (var types in AttentionTypes)
            foreach (var (window, softCap) in ((int, float)[])[(1, 0), (7, 0), (64, 0), (100, 2), (0, 1.5f), (513, 30)])
                CheckAttention(types, pageSize, 4, 2, 64, mixed, new AttentionOptions { Scale = 0.7f, Window = window, SoftCap = softCap });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public void Attention_gives_sinks_their_share(int pageSize)
    {
        (int Queries, int Keys)[] mixed = [(1, 1), (40, 40), (1, 129), (70, 200), (1, 700)];
        // Far below all scores, among them, and far above.
        float[] sinks = [-30, 0, 3, 20, 90, -1, 1.5f, 0.25f];
        foreach (var types in AttentionTypes)
            foreach (var (heads, dim, window) in ((int, int, int)[])[(8, 64, 0), (2, 64, 7), (4, 128, 128)])
                CheckAttention(types, pageSize, 8, heads, dim, mixed, new AttentionOptions { Scale = 0.3f, Window = window }, sinks);
        foreach (var types in AttentionTypes)
            CheckAttention(types, pageSize, 8, 1, 64, [.. Enumerable.Range(1, 20).Select(i => (1, i * 37))], new AttentionOptions { Scale = 0.3f }, sinks);
    }

    [Fact]
    public void Attention_over_long_sequences_agrees_decoded_and_prefilled()
    {
        foreach (var types in AttentionTypes)
        {
            var options = new AttentionOptions { Scale = 0.125f };
            CheckAttention(types, 16, 4, 1, 64, [(1, 3000)], options);
            CheckAttention(types, 64, 2, 1, 64, [(300, 1500), (1, 513), (1, 512)], options);
        }
    }

    [Fact]
    public void A_pure_decode_batch_of_many_sequences_agrees()
    {
        foreach (var types in AttentionTypes)
            CheckAttention(types, 16, 4, 2, 64, [.. Enumerable.Range(1, 40).Select(i => (1, i * 7 % 90 + 1))], new AttentionOptions { Scale = 0.125f });
    }

    /// <summary>As steps are recorded: lengths are known on the device alone, and pages of a position lie side by side.</summary>
    [Fact]
    public void Attention_follows_lengths_on_the_device()
    {
        (int Queries, int Keys)[][] batches = [[(1, 1), (1, 256), (1, 257), (1, 900), (1, 64)], [(1, 300), (5, 600), (1, 7)]];
        foreach (var types in AttentionTypes)
            foreach (var window in (int[])[0, 100])
                foreach (var sequences in batches)
                {
                    const int pageSize = 16, dim = 64;
                    var options = new AttentionOptions { Scale = 0.125f, Window = window };
                    var batch = new PagedSequences(types.Cache, pageSize, 1, dim, sequences);
                    var tokens = sequences.Sum(s => s.Queries);
                    var q = Upload(Numbers.Rounded(Numbers.Random(tokens * 2 * dim, 5, 3), types.Query), types.Query, tokens, 2, dim);
                    var cache = Upload(batch.Cache, types.Cache, batch.Pages, 2, 1, pageSize, dim);
                    var sinks = Upload([1, -2], DType.Float32, 2);
                    var known = new AttentionMetadata
                    {
                        QueryStart = UploadInts(batch.QueryStart), KvLengths = UploadInts([.. sequences.Select(s => s.Keys)]),
                        PageTable = UploadInts(batch.PageTable, sequences.Length, batch.PagesPerSequence), PageSize = pageSize,
                        MaxQueryLength = sequences.Max(s => s.Queries), MaxKvLength = sequences.Max(s => s.Keys),
                    };
                    var expected = Download(Ops.Attention(q, cache, known, options, sinks));
                    int[] byPages = [.. Enumerable.Range(0, batch.PagesPerSequence).SelectMany(page => Enumerable.Range(0, sequences.Length).Select(b => batch.PageTable[b * batch.PagesPerSequence + page]))];
                    var table = UploadInts(byPages, batch.PagesPerSequence, sequences.Length);
                    var bounded = known with
                    {
                        MaxKvLength = 100_000, PageTable = table with { Shape = new Shape(sequences.Length, batch.PagesPerSequence), Strides = new Shape(1, sequences.Length) },
                    };
                    Assert.Equal(expected, Download(Ops.Attention(q, cache, bounded, options, sinks)));
                }
    }

    private void CheckAttention((DType Query, DType Cache) types, int pageSize, int qHeads, int kHeads, int dim, (int Queries, int Keys)[] sequences, AttentionOptions options, float[]? sinks = null)
    {
        var batch = new PagedSequences(types.Cache, pageSize, kHeads, dim, sequences);
        var tokens = sequences.Sum(s => s.Queries);
        // Queries are a slice of a fused projection, large enough in range for a softmax that is not flat.
        var stride = (qHeads + 2 * kHeads) * dim;
        var q = Numbers.Rounded(Numbers.Random(tokens * stride, dim, 3), types.Query);
        var output = Ops.Attention(
            Upload(q, types.Query, tokens, stride).Slice(1, 0, qHeads * dim).View(tokens, qHeads, dim),
            Upload(batch.Cache, types.Cache, batch.Pages, 2, kHeads, pageSize, dim),
            new AttentionMetadata
            {
                QueryStart = UploadInts(batch.QueryStart), KvLengths = UploadInts([.. sequences.Select(s => s.Keys)]),
                PageTable = UploadInts(batch.PageTable, sequences.Length, batch.PagesPerSequence), PageSize = pageSize,
                MaxQueryLength = sequences.Max(s => s.Queries), MaxKvLength = sequences.Max(s => s.Keys),
            },
            options, sinks is null ? default : Upload(sinks, DType.Float32, sinks.Length));
        Assert.Equal(types.Query, output.DType);
        AssertClose(Download(output), batch.Attend(q, stride, qHeads, options, sinks), AttentionTolerance(types.Query), $"{types} page {pageSize} heads {qHeads}/{kHeads}x{dim} {options}");
    }
}
