using SglNative.Core.Tensors;
using SglNative.Cpu.Operations;

namespace SglNative.Cpu.Linear;

/// <summary>
/// Arguments of one product x [M, K] · wᵀ [N, K] + bias → y [M, N], or of one for each head of x [M, heads, K] and w [heads, N, K], and
/// how it is cut into chunks.
/// </summary>
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

    /// <summary>Independent products; rows of x and y are numbered row · Heads + head.</summary>
    public int Heads;
    public long WeightHeadStride;

    /// <summary>x as the tiles read it: M · Heads rows of PackedStride floats.</summary>
    public float* Packed;
    public int PackedStride;
    public bool Interleaved;

    /// <summary>Rows of w and of x that a chunk covers; chunks are numbered along w first, then along x, then by head.</summary>
    public int BlockN;
    public int BlockM;
    public int BlocksN;
    public int BlocksM;

    public int RowsPerPackChunk;
    public byte** Scratch;
}
