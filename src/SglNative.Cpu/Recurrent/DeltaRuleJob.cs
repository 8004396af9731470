using SglNative.Cpu.Operations;

namespace SglNative.Cpu.Recurrent;

/// <summary>Arguments of a gated delta rule; a chunk is a block of value columns of one head of one sequence, which no other touches.</summary>
internal unsafe struct DeltaRuleJob
{
    /// <summary>Columns of a chunk: its part of the state stays in a first-level cache.</summary>
    public const int Block = 64;

    public RowView Query;
    public RowView Key;
    public RowView Value;
    public RowView Output;
    public float* LogDecay;
    public long LogDecayStride;
    public float* Beta;
    public long BetaStride;
    public float* State;
    public SequenceRange Sequences;
    public int KeyHeads;
    public int ValueHeads;
    public int KeyDim;
    public int ValueDim;
    public int Blocks;
    public float Scale;
    public float Eps;
    public byte** Scratch;
}
