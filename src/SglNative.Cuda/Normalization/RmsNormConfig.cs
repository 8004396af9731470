using System.Numerics;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Normalization;

/// <summary>
/// How a row is shared among threads: <paramref name="Threads"/> of them, each with <paramref name="Vectors"/> vectors of eight
/// elements in registers. It depends on the width alone, so that a row's bits do not depend on the batch.
/// </summary>
internal readonly record struct RmsNormConfig(int Threads, int Vectors)
{
    private const int MinThreads = 4, MaxThreads = 1024, Warp = 32, SmallestBlock = 128;

    /// <summary>Rows that one block takes: one where a row needs several warps, whose sums meet in the block's shared memory.</summary>
    public int RowsPerBlock => Threads > Warp ? 1 : SmallestBlock / Threads;

    /// <summary>Threads of a block.</summary>
    public int BlockThreads => Threads * RowsPerBlock;

    /// <summary>The choice for rows of <paramref name="width"/> elements.</summary>
    public static RmsNormConfig For(long width)
    {
        var vectors = checked((int)((width + RowLaunch.Vector - 1) / RowLaunch.Vector));
        var threads = (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)vectors), MinThreads, MaxThreads);
        return new(threads, (vectors + threads - 1) / threads);
    }
}
