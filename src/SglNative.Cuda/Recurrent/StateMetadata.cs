using SglNative.Core.Tensors;
using SglNative.Cuda.Kernels;
using SglNative.Models.Batches;

namespace SglNative.Cuda.Recurrent;

/// <summary>What kernels with a state per sequence ask of a batch.</summary>
internal static class StateMetadata
{
    /// <summary>Throws unless the arrays that such kernels read lie as they expect.</summary>
    public static void ExpectStates(this in AttentionMetadata metadata)
    {
        metadata.QueryStart.ExpectDense("metadata.QueryStart", DType.Int32);
        metadata.KvLengths.ExpectDense("metadata.KvLengths", DType.Int32);
        metadata.StateSlots.ExpectDense("metadata.StateSlots", DType.Int32);
    }

    /// <summary>An upper bound of the tiles of <paramref name="tile"/> tokens that all sequences have.</summary>
    public static int TokenTiles(this in AttentionMetadata metadata, int tokens, int tile)
    {
        var each = (long)metadata.SequenceCount * ((metadata.MaxQueryLength + tile - 1) / tile);
        return checked((int)Math.Min(each, (long)tokens / tile + metadata.SequenceCount));
    }
}
