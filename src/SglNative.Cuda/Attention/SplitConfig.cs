namespace SglNative.Cuda.Attention;

/// <summary>
/// How the keys of single-token sequences are cut into parts that blocks work on side by side. Parts begin at multiples of their
/// length from position 0, whatever the sequence's length.
/// </summary>
/// <param name="Splits">Parts that the longest sequence may have.</param>
/// <param name="Length">Keys of a part.</param>
internal readonly record struct SplitConfig(int Splits, int Length)
{
    /// <summary>A shorter part costs more in merging than it gains in parallelism.</summary>
    private const int ShortestPart = 256;

    /// <summary>More blocks than this per multiprocessor even out the load no further.</summary>
    private const int BlocksPerMultiprocessor = 16;

    /// <summary>Bytes of intermediate results: outputs and log-sums in float32.</summary>
    public long WorkspaceBytes(in AttentionShape shape) =>
        Splits == 1 ? 0 : (long)shape.Sequences * shape.KvHeads * shape.Group * Splits * (shape.HeadDim + 1) * sizeof(float);

    /// <summary>The shortest parts that do not flood the device; <paramref name="rows"/> query heads share a block.</summary>
    public static SplitConfig For(in AttentionShape shape, int rows, int multiprocessors)
    {
        var blocks = (long)shape.Sequences * shape.KvHeads * ((shape.Group + rows - 1) / rows);
        // With a window only the parts in sight have work.
        var keys = shape.Window > 0 ? Math.Min(shape.MaxKvLength, shape.Window) : shape.MaxKvLength;
        var length = ShortestPart;
        while (length < keys && blocks * ((keys + length - 1) / length) > (long)BlocksPerMultiprocessor * multiprocessors) length *= 2;
        return new(Math.Max(1, (int)(((long)shape.MaxKvLength + length - 1) / length)), length);
    }
}
