using SglNative.Core.Tensors;

namespace SglNative.Models.Batches;

/// <summary>
/// Which tokens of a batch belong to which sequence, and where each sequence's keys and values lie. Token t of sequence b has
/// position KvLengths[b] − (QueryStart[b+1] − QueryStart[b]) + (t − QueryStart[b]); its keys are those of its sequence up to
/// that position. Position p of sequence b lies in page PageTable[b, p / PageSize] at offset p % PageSize.
/// </summary>
public readonly record struct AttentionMetadata
{
    /// <summary>int32 [B + 1]: first token of each sequence, and the token count.</summary>
    public required Tensor QueryStart { get; init; }

    /// <summary>int32 [B]: tokens of each sequence including those of this batch.</summary>
    public required Tensor KvLengths { get; init; }

    /// <summary>
    /// int32 [B, pages], of any strides: page numbers; entries past a sequence's last page are undefined. A step that is recorded lists them by
    /// pages first, so that what it needs of a table with room for the longest sequence is its beginning.
    /// </summary>
    public required Tensor PageTable { get; init; }

    /// <summary>
    /// int32 [B]: each sequence's row in the pools of fixed-size states; null for models that keep none. A sequence whose first token
    /// (position 0) is in this batch starts from zeros, whatever its row holds.
    /// </summary>
    public Tensor StateSlots { get; init; }

    /// <summary>Tokens in a page.</summary>
    public required int PageSize { get; init; }

    /// <summary>The most tokens any sequence brings (1 in a pure decode step); known on the host for launch shapes.</summary>
    public required int MaxQueryLength { get; init; }

    /// <summary>An upper bound of KvLengths, known on the host for launch shapes.</summary>
    public required int MaxKvLength { get; init; }

    /// <summary>Number of sequences.</summary>
    public int SequenceCount => (int)KvLengths.Shape[0];
}
