namespace SglNative.Cuda.Attention;

/// <summary>
/// Into how many parts the keys of single-token sequences are cut, at most, for blocks to work on side by side. How long a part is, each
/// sequence's own length decides, on the device (<c>KeyParts</c>): so a recorded launch fits every length, and how a sequence is cut
/// depends neither on its neighbours' lengths nor on the bound that the host knows.
/// </summary>
/// <param name="Splits">Parts that a sequence may have.</param>
internal readonly record struct SplitConfig(int Splits)
{
    /// <summary>Keys of a part at least: a shorter one costs more in merging than it gains in parallelism.</summary>
    public const int ShortestPart = 256;

    /// <summary>Blocks that a multiprocessor holds at once.</summary>
    private const int ResidentBlocks = 2;

    /// <summary>Parts that even out sequences of unequal length, as long as the blocks per multiprocessor do not exceed the second number.</summary>
    private const int EvenParts = 8, MostBlocks = 16;

    /// <summary>Bytes of intermediate results: outputs and log-sums in float32.</summary>
    public long WorkspaceBytes(in AttentionShape shape) =>
        Splits == 1 ? 0 : (long)shape.Sequences * shape.KvHeads * shape.Group * Splits * (shape.HeadDim + 1) * sizeof(float);

    /// <summary>
    /// As many as fill the device once, or a few for balance; <paramref name="rows"/> query heads share a block. Blocks without work
    /// are not free, so no more.
    /// </summary>
    public static SplitConfig For(in AttentionShape shape, int rows, int multiprocessors)
    {
        var blocks = (long)shape.Sequences * shape.KvHeads * ((shape.Group + rows - 1) / rows);
        var fill = ((long)ResidentBlocks * multiprocessors + blocks - 1) / blocks;
        var even = Math.Min(EvenParts, (long)MostBlocks * multiprocessors / blocks);
        // With a window only the parts in sight have work; the first may begin below it.
        var keys = shape.Window > 0 ? Math.Min(shape.MaxKvLength, (long)shape.Window + ShortestPart) : shape.MaxKvLength;
        return new((int)Math.Clamp(Math.Max(fill, even), 1, Math.Max(1, (keys + ShortestPart - 1) / ShortestPart)));
    }
}
