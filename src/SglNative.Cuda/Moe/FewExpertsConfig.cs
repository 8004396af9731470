namespace SglNative.Cuda.Moe;

/// <summary>A block of kernels/moe/few_experts.cu. It gives the bits that <see cref="ExpertConfig"/>'s tiles give.</summary>
/// <param name="Gated">Whether gates and ups are joined: 16 rows of each for a warp instead of 16 of one kind.</param>
internal readonly record struct FewExpertsConfig(bool Gated)
{
    /// <summary>Rows of x; <c>kFewRows</c>.</summary>
    public const int Rows = 8;

    /// <summary>Warps, each with columns of its own.</summary>
    public const int Warps = 2;

    /// <summary>Threads of a block.</summary>
    public const int Threads = Warps * 32;

    /// <summary>Columns of the output that a block makes.</summary>
    public const int Columns = Warps * Piece;

    // kPiece.
    private const int Piece = 16;

    // With up to this many rows per expert most experts have no more than a block takes.
    private const int MostRowsEach = 4;

    /// <summary>Steps that are under way.</summary>
    public int Stages => Gated ? 4 : 5;

    /// <summary>Bytes of tiles: of each warp and stage, rows of the weight and of x.</summary>
    public int SharedMemory => Warps * Stages * ((Gated ? 2 : 1) * Piece + Rows) * ExpertConfig.TileStride * sizeof(ushort);

    /// <summary>Whether it is the better choice for <paramref name="pairs"/> rows spread over <paramref name="experts"/> experts.</summary>
    public static bool Suits(long pairs, int experts) => pairs <= (long)MostRowsEach * experts;
}
