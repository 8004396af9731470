using SglNative.Core.Tensors;

namespace SglNative.Cpu.Attention;

/// <summary>Arguments of one attention call and how it is cut into chunks. Strides are in bytes.</summary>
internal unsafe struct AttentionJob
{
    /// <summary>Positions whose keys are scored, exponentiated and summed as one unit; units start at multiples of this.</summary>
    public const int KeyBlock = 64;

    /// <summary>Positions whose partial results are merged as one unit; units start at multiples of this.</summary>
    public const int SplitLength = 512;

    /// <summary>Rows (token, query head of the group) that share a pass over the keys.</summary>
    public const int RowsPerBlock = 48;

    public byte* Query;
    public long QueryTokenStride;
    public long QueryHeadStride;
    public DType QueryDType;
    /// <summary>Elements of a head that lie at Query; the rest are at QueryTail.</summary>
    public int QueryDim;
    public byte* QueryTail;
    public long QueryTailTokenStride;
    public long QueryTailHeadStride;

    public byte* Output;
    public DType OutputDType;

    public byte* Cache;
    public long PageStride;
    /// <summary>From keys to values; 0 where the values are the first ValueDim elements of the keys.</summary>
    public long ValueOffset;
    public long HeadStride;
    public long TokenStride;
    public DType CacheDType;
    public int PageSize;

    public int* QueryStart;
    public int* KvLengths;
    public int* PageTable;
    public long PageTableStride;
    public long PageTableStep;

    public int HeadDim;
    /// <summary>HeadDim rounded up to whole steps of a tile.</summary>
    public int Padded;
    /// <summary>Elements of a value, at most HeadDim, and rounded up as Padded is.</summary>
    public int ValueDim;
    public int ValuePadded;
    public int KeyHeads;
    /// <summary>Query heads per key head.</summary>
    public int Group;
    public float Scale;
    public float SoftCap;
    public int Window;
    /// <summary>A score per query head that takes its share of the softmax; null for none.</summary>
    public float* Sinks;

    /// <summary>Blocks of query tokens of one sequence.</summary>
    public QueryBlock* Blocks;
    public int BlockCount;

    /// <summary>Splits per block where each is a chunk of its own, 0 where a chunk covers all keys.</summary>
    public int Splits;
    /// <summary>Partial results [block, key head, split, row] of Padded + 2 floats: sums, maximum, denominator.</summary>
    public float* Partials;

    public byte** Scratch;

    /// <summary>Floats of a row's partial result.</summary>
    public readonly int PartialStride => Padded + 2;

    /// <summary>Floats of scratch that a thread needs: keys, values, then per row query, scores and two partial results.</summary>
    public readonly int ScratchFloats => 2 * KeyBlock * Padded + MaxRows * (Padded + KeyBlock + 2 * PartialStride);

    /// <summary>The most rows of a block.</summary>
    public readonly int MaxRows => Math.Max(RowsPerBlock, Group);

    /// <summary>Partial results of one split of one key head of a block.</summary>
    public readonly float* Partial(int block, int head, int split) =>
        Partials + (((long)block * KeyHeads + head) * Splits + split) * MaxRows * PartialStride;
}

/// <summary>Consecutive query tokens of one sequence.</summary>
/// <param name="Sequence">Index of the sequence.</param>
/// <param name="Token">First token, counted over the batch.</param>
/// <param name="Count">Number of tokens.</param>
/// <param name="Position">Position of the first token in its sequence.</param>
internal readonly record struct QueryBlock(int Sequence, int Token, int Count, int Position);
