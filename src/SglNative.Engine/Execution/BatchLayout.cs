using SglNative.Core.Tensors;
using SglNative.Models.Batches;

namespace SglNative.Engine.Execution;

/// <summary>Where the arrays of a step lie in what is staged: the same on every rank.</summary>
internal readonly record struct BatchLayout
{
    public StagingBuffer.Segment TokenIds { get; init; }

    public StagingBuffer.Segment Positions { get; init; }

    public StagingBuffer.Segment RotaryPositions { get; init; }

    public StagingBuffer.Segment Slots { get; init; }

    public StagingBuffer.Segment LogitRows { get; init; }

    public StagingBuffer.Segment QueryStart { get; init; }

    public StagingBuffer.Segment KvLengths { get; init; }

    public StagingBuffer.Segment PageTable { get; init; }

    /// <summary>Null for models without states.</summary>
    public StagingBuffer.Segment? StateSlots { get; init; }

    public int PageSize { get; init; }

    public int MaxQueryLength { get; init; }

    public int MaxKvLength { get; init; }

    /// <summary>Lets the batch refer to a device's copy of what is staged.</summary>
    public void Fill(ForwardBatch batch, StagingBuffer staging)
    {
        batch.TokenIds = staging.View(TokenIds, DType.Int32);
        batch.Positions = staging.View(Positions, DType.Int32);
        batch.RotaryPositions = staging.View(RotaryPositions, DType.Int32);
        batch.Slots = staging.View(Slots, DType.Int32);
        batch.LogitRows = staging.View(LogitRows, DType.Int32);
        batch.Attention = new AttentionMetadata
        {
            QueryStart = staging.View(QueryStart, DType.Int32),
            KvLengths = staging.View(KvLengths, DType.Int32),
            PageTable = staging.View(PageTable, DType.Int32, KvLengths.Count),
            StateSlots = StateSlots is { } states ? staging.View(states, DType.Int32) : default,
            PageSize = PageSize,
            MaxQueryLength = MaxQueryLength,
            MaxKvLength = MaxKvLength,
        };
    }
}
