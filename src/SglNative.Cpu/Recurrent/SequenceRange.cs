using SglNative.Core.Tensors;
using SglNative.Models.Batches;

namespace SglNative.Cpu.Recurrent;

/// <summary>Which tokens of a batch belong to a sequence, where its state lies, and whether it starts anew.</summary>
internal unsafe struct SequenceRange
{
    private int* _queryStart;
    private int* _lengths;
    private int* _slots;

    /// <summary>Takes the metadata's arrays, checked against the tokens of the batch and the rows of the state pool.</summary>
    public static SequenceRange Of(in AttentionMetadata metadata, long tokens, long slots)
    {
        var sequences = metadata.SequenceCount;
        metadata.QueryStart.Expect(nameof(metadata), sequences + 1);
        if (metadata.StateSlots.DType != DType.Int32 || !metadata.StateSlots.IsContiguous)
            throw new ArgumentException($"state slots are {metadata.StateSlots}, expected contiguous int32", nameof(metadata));
        var range = new SequenceRange
        {
            _queryStart = (int*)metadata.QueryStart.Data, _lengths = (int*)metadata.KvLengths.Data, _slots = (int*)metadata.StateSlots.Data,
        };
        if (range._queryStart[0] != 0 || range._queryStart[sequences] != tokens)
            throw new ArgumentException($"sequences cover tokens {range._queryStart[0]} to {range._queryStart[sequences]}, expected 0 to {tokens}", nameof(metadata));
        for (var b = 0; b < sequences; b++)
            if ((uint)range._slots[b] >= slots) throw new ArgumentException($"state slot of sequence {b} is {range._slots[b]}, expected 0 to {slots - 1}", nameof(metadata));
        return range;
    }

    public readonly int First(int sequence) => _queryStart[sequence];

    public readonly int End(int sequence) => _queryStart[sequence + 1];

    public readonly int Slot(int sequence) => _slots[sequence];

    /// <summary>True where the batch holds the sequence's first token.</summary>
    public readonly bool IsFresh(int sequence) => _lengths[sequence] == End(sequence) - First(sequence);
}
