using SglNative.Core.Tensors;
using SglNative.Cpu.Operations;

namespace SglNative.Cpu.Recurrent;

/// <summary>Arguments of a causal convolution; a chunk is a block of channels of one sequence. Strides are in bytes.</summary>
internal unsafe struct ConvolutionJob
{
    /// <summary>Channels of a chunk.</summary>
    public const int Block = 128;

    public RowView X;
    public RowView Output;
    public byte* Weight;
    public long WeightStride;
    public DType WeightDType;
    public byte* Bias;
    public DType BiasDType;
    public byte* State;
    public long StateSlotStride;
    public long StateRowStride;
    public DType StateDType;
    public SequenceRange Sequences;
    public int Channels;
    public int Taps;
    public int Blocks;
    public bool Silu;
    public byte** Scratch;
}
