using SglNative.Core;

namespace SglNative.Models.Parallelism;

/// <summary>The place of this copy of the model among those that share its weights: tensor-parallel rank and size.</summary>
/// <param name="Rank">0 … Size − 1.</param>
/// <param name="Size">Number of devices the weights are split over.</param>
public sealed record ParallelContext(int Rank, int Size)
{
    // A rank's part of the vocabulary is a multiple of this, as matrix multiplications and vector loads like it.
    private const int VocabularyBlock = 16;

    /// <summary>All weights on one device.</summary>
    public static ParallelContext Single { get; } = new(0, 1);

    /// <summary>This rank's share of <paramref name="total"/> rows: start and length.</summary>
    /// <exception cref="SglException">The total does not divide by the size.</exception>
    public (long Start, long Length) Shard(long total, string what)
    {
        if (total % Size != 0)
            throw new SglException($"{what} is {total}, which does not divide by the tensor-parallel size {Size}: give a --tensor-parallel-size that divides it");
        return (total / Size * Rank, total / Size);
    }

    /// <summary>
    /// This rank's share of <paramref name="total"/> heads that several query heads read. Where there are fewer than ranks, neighbouring
    /// ranks hold the same one.
    /// </summary>
    /// <exception cref="SglException">Neither number divides by the other.</exception>
    public (long Start, long Length) ShardOrCopy(long total, string what)
    {
        if (total >= Size) return Shard(total, what);
        if (Size % total != 0)
            throw new SglException($"{what} is {total}, which does not divide the tensor-parallel size {Size}: give a --tensor-parallel-size that is a multiple of it, or divides it");
        return (Rank / (Size / total), 1);
    }

    /// <summary>
    /// This rank's share of a vocabulary that is filled up until it divides: its first token, the rows of its table, which are as many
    /// on every rank, and how many of them are tokens; the rest is zeros.
    /// </summary>
    public (long Start, long Rows, long Tokens) ShardVocabulary(long tokens)
    {
        if (Size == 1) return (0, tokens, tokens);
        var rows = (tokens + (long)Size * VocabularyBlock - 1) / ((long)Size * VocabularyBlock) * VocabularyBlock;
        var start = Math.Min(tokens, rows * Rank);
        return (start, rows, Math.Min(rows, tokens - start));
    }
}
