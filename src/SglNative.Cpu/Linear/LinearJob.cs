using SglNative.Core.Tensors;
using SglNative.Cpu.Operations;
using SglNative.Models.Operations;

namespace SglNative.Cpu.Linear;

/// <summary>
/// Arguments of a product x [M, K] · wᵀ [N, K] + bias → y [M, N] and how it is cut into chunks. With <see cref="Blocks"/> each run of
/// rows has a weight and bias of its own, those of an expert.
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

    /// <summary>x as the tiles read it: M rows of PackedStride floats.</summary>
    public float* Packed;
    public int PackedStride;
    public bool Interleaved;

    /// <summary>Rows of w and of x that a chunk covers; chunks are numbered along w first.</summary>
    public int BlockN;
    public int BlockM;
    public int BlocksN;

    /// <summary>Row r of the product is row Gather[r] / GatherDivisor of x, times GatherWeights[Gather[r]]; null for row r itself, unweighted.</summary>
    public int* Gather;
    public int GatherDivisor;
    public float* GatherWeights;

    /// <summary>Row r of the product goes to row Scatter[r] of y; null for row r itself.</summary>
    public int* Scatter;

    /// <summary>Runs of rows of one expert each; bytes from one expert's weight and bias to the next.</summary>
    public ExpertBlock* Blocks;
    public long ExpertStride;
    public long ExpertBiasStride;
    public GatedActivation Activation;
    public float ActivationLimit;

    public int RowsPerPackChunk;
    public byte** Scratch;
}

/// <summary>Consecutive rows of one expert.</summary>
internal readonly record struct ExpertBlock(int Expert, int First, int End);
