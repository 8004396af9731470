using SglNative.Core.Tensors;
using SglNative.Cpu.Operations;

namespace SglNative.Cpu.Linear;

/// <summary>Arguments of one product x [M, K] · wᵀ [N, K] + bias → y [M, N] and how it is cut into chunks.</summary>
internal unsafe struct LinearJob
{
    public RowView X;
    public RowView Output;
    public byte* Weight;
    public long WeightStride;
    public byte* Bias;
    public DType BiasDType;
    public int M;
    public int N;
    public int K;

    /// <summary>x as the tiles read it: M rows of PackedStride floats.</summary>
    public float* Packed;
    public int PackedStride;
    public bool Interleaved;

    /// <summary>Rows of w and of x that a chunk covers; chunks are numbered along w first.</summary>
    public int BlockN;
    public int BlockM;
    public int BlocksN;

    public int RowsPerPackChunk;
    public byte** Scratch;
}
