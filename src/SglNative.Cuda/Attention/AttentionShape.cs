using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Operations;

namespace SglNative.Cuda.Attention;

/// <summary>What launch decisions rest on; nothing of it lies on the device.</summary>
/// <param name="Tokens">Queries of the step.</param>
/// <param name="Sequences">Sequences of the step.</param>
/// <param name="MaxQueryLength">The most queries of a sequence.</param>
/// <param name="MaxKvLength">An upper bound of the keys a sequence has.</param>
/// <param name="KvHeads">Heads of the cache.</param>
/// <param name="Group">Query heads per head of the cache.</param>
/// <param name="HeadDim">Elements of a head.</param>
/// <param name="Window">Keys that a query sees; 0 for all.</param>
internal readonly record struct AttentionShape(
    int Tokens, int Sequences, int MaxQueryLength, int MaxKvLength, int KvHeads, int Group, int HeadDim, int Window)
{
    public static AttentionShape Of(in Tensor q, in Tensor cache, in AttentionMetadata metadata, AttentionOptions options) => new(
        checked((int)q.Shape[0]), metadata.SequenceCount, metadata.MaxQueryLength, metadata.MaxKvLength,
        checked((int)cache.Shape[2]), checked((int)(q.Shape[1] / cache.Shape[2])), checked((int)q.Shape[2]), options.Window);

    /// <summary>True when every sequence brings one token.</summary>
    public bool IsDecode => MaxQueryLength == 1;

    /// <summary>True when sequences of one token may stand beside longer ones.</summary>
    public bool IsMixed => MaxQueryLength > 1 && Tokens < (long)Sequences * MaxQueryLength;

    /// <summary>An upper bound of the tiles of <paramref name="rows"/> packed query rows that all sequences have.</summary>
    public long Tiles(int rows)
    {
        var exact = (long)Sequences * (((long)MaxQueryLength * Group + rows - 1) / rows);
        return Math.Min(exact, (long)Tokens * Group / rows + Sequences);
    }
}
