using SglNative.Core.Tensors;

namespace SglNative.KernelSuites;

/// <summary>A batch of sequences and the heads that attend to them.</summary>
/// <param name="Sequences">Queries and keys of each sequence.</param>
/// <param name="QueryHeads">Heads of the queries.</param>
/// <param name="KvHeads">Heads of the cache.</param>
/// <param name="Dim">Elements of a head.</param>
/// <param name="PageSize">Tokens of a page.</param>
/// <param name="Window">Keys a query sees; 0: all.</param>
/// <param name="SoftCap">Cap of the scores; 0: none.</param>
public sealed record AttentionCase(
    (int Queries, int Keys)[] Sequences, int QueryHeads, int KvHeads, int Dim, int PageSize, int Window = 0, float SoftCap = 0)
{
    /// <summary>Types of queries and cache.</summary>
    public (DType Query, DType Cache) Types { get; init; } = (DType.BFloat16, DType.BFloat16);

    /// <summary>True for a batch that takes long on a slow device.</summary>
    public bool IsLarge { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Types.Query}/{Types.Cache} {(Sequences.Length > 4 ? $"{Sequences.Length} sequences to {Sequences.Max(s => s.Keys)}" : string.Join(" ", Sequences.Select(s => $"{s.Queries}/{s.Keys}")))} " +
        $"heads {QueryHeads}/{KvHeads}x{Dim} pages of {PageSize}{(Window > 0 ? $" window {Window}" : "")}{(SoftCap > 0 ? " capped" : "")}";
}

/// <summary>Which batches reach which kernel.</summary>
internal static class AttentionCases
{
    private static readonly (DType, DType)[] SixteenBits = [(DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16)];
    private static readonly (DType, DType)[] Mixed = [(DType.Float32, DType.Float32), (DType.Float32, DType.BFloat16), (DType.BFloat16, DType.Float32)];
    private static readonly (int Queries, int Keys)[] Steps = [(1, 1), (1, 64), (1, 65), (1, 200), (1, 17)];
    private static readonly (int Queries, int Keys)[] Chunks = [(17, 17), (5, 130), (64, 65), (2, 2), (70, 200)];

    /// <summary>Sequences of several tokens, some beside single ones.</summary>
    public static IEnumerable<AttentionCase> Prefills => Over(SixteenBits, [Chunks, [.. Chunks, .. Steps]]);

    /// <summary>Sequences of one token.</summary>
    public static IEnumerable<AttentionCase> Decodes => Over(SixteenBits, [Steps, [.. Enumerable.Range(1, 40).Select(i => (1, i * 7 % 90 + 1))]]);

    /// <summary>Sequences of one token and so many keys that they are cut into parts.</summary>
    public static IEnumerable<AttentionCase> Splits =>
        from types in (IEnumerable<(DType, DType)>)[.. SixteenBits, Mixed[0]]
        from window in (int[])[0, 513]
        from dim in (int[])[64, 80, 256]
        select new AttentionCase([(1, 3000), (1, 1), (1, 513)], 4, 1, dim, 16, window) { Types = types, IsLarge = dim != 64 };

    /// <summary>Types that tensor cores are not used for.</summary>
    public static IEnumerable<AttentionCase> Plain => Over(Mixed, [[.. Chunks, .. Steps], Steps]);

    private static IEnumerable<AttentionCase> Over((DType, DType)[] types, (int, int)[][] batches) =>
        from type in types
        from batch in batches
        from pageSize in (int[])[1, 16, 64]
        from heads in ((int Query, int Kv, int Dim)[])[(1, 1, 8), (4, 1, 64), (6, 2, 80), (7, 1, 128), (20, 1, 64), (4, 2, 256)]
        from limits in ((int Window, float SoftCap)[])[(0, 0), (7, 0), (100, 2), (0, 1.5f)]
        // Limits are a matter of the scores alone: one head size shows them.
        where limits == default || heads.Dim == 64
        select new AttentionCase(batch, heads.Query, heads.Kv, heads.Dim, pageSize, limits.Window, limits.SoftCap) { Types = type };
}
