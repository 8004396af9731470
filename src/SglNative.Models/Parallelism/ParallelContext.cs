namespace SglNative.Models.Parallelism;

/// <summary>The place of this copy of the model among those that share its weights: tensor-parallel rank and size.</summary>
/// <param name="Rank">0 … Size − 1.</param>
/// <param name="Size">Number of devices the weights are split over.</param>
public sealed record ParallelContext(int Rank, int Size)
{
    /// <summary>All weights on one device.</summary>
    public static ParallelContext Single { get; } = new(0, 1);

    /// <summary>This rank's share of <paramref name="total"/> rows: start and length.</summary>
    /// <exception cref="Core.SglException">The total does not divide by the size.</exception>
    public (long Start, long Length) Shard(long total, string what)
    {
        if (total % Size != 0) throw new Core.SglException($"{what} is {total}, which does not divide by the tensor-parallel size {Size}");
        return (total / Size * Rank, total / Size);
    }
}
