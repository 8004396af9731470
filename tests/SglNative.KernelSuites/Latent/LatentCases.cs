using SglNative.Core.Tensors;

namespace SglNative.KernelSuites;

/// <summary>A batch of sequences and the heads that attend to their latents.</summary>
/// <param name="Sequences">Queries and keys of each sequence.</param>
/// <param name="Heads">Heads of the queries.</param>
/// <param name="Rank">Elements of a latent that are values, too.</param>
/// <param name="Rope">Rotated elements beside them.</param>
/// <param name="PageSize">Tokens of a page.</param>
/// <param name="Query">Type of the queries.</param>
/// <param name="Cache">Type of the cache.</param>
public sealed record LatentCase((int Queries, int Keys)[] Sequences, int Heads, int Rank, int Rope, int PageSize, DType Query, DType Cache)
{
    /// <summary>True for a batch that takes long on a slow device.</summary>
    public bool IsLarge { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Query}/{Cache} {(Sequences.Length > 6 ? $"{Sequences.Length} sequences to {Sequences.Max(s => s.Keys)}" : string.Join(" ", Sequences.Select(s => $"{s.Queries}/{s.Keys}")))} " +
        $"heads {Heads}x({Rank}+{Rope}) pages of {PageSize}";
}

/// <summary>Which batches reach which kernel.</summary>
internal static class LatentCases
{
    // Decode steps, prompts and chunks of prompts; keys that are cut into parts; more sequences than a block takes.
    private static readonly (int Queries, int Keys)[] Steps = [(1, 1), (1, 64), (1, 65), (1, 200), (1, 17)];
    private static readonly (int Queries, int Keys)[] Mixed = [(1, 1), (17, 17), (1, 64), (5, 130), (1, 200), (64, 65)];

    /// <summary>Queries and cache of one 16-bit type.</summary>
    public static IEnumerable<LatentCase> TensorCores => Over((DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16));

    /// <summary>Types that tensor cores are not used for.</summary>
    public static IEnumerable<LatentCase> Plain => Over((DType.Float32, DType.Float32), (DType.Float32, DType.BFloat16));

    private static IEnumerable<LatentCase> Over(params (DType Query, DType Cache)[] types)
    {
        foreach (var (query, cache) in types)
        {
            foreach (var pageSize in (int[])[1, 16, 64])
            {
                foreach (var (heads, rank, rope) in ((int, int, int)[])[(1, 16, 8), (3, 48, 16), (16, 64, 24), (20, 256, 64)])
                    foreach (var batch in ((int, int)[][])[Steps, Mixed])
                        yield return new(batch, heads, rank, rope, pageSize, query, cache);
                yield return new([(3, 40), (1, 65), (1, 7)], 16, 512, 64, pageSize, query, cache);
                yield return new([(1, 70), (2, 33)], 128, 512, 64, pageSize, query, cache) { IsLarge = true };
            }
            yield return new([(1, 3000), (1, 1), (1, 513)], 4, 128, 64, 64, query, cache) { IsLarge = true };
            yield return new([(300, 700), (1, 513), (1, 512)], 2, 32, 8, 16, query, cache) { IsLarge = true };
            yield return new([.. Enumerable.Range(1, 40).Select(i => (1, i * 7 % 90 + 1))], 4, 32, 8, 16, query, cache);
        }
    }
}
