using SglNative.Cpu.Operations;
using SglNative.Cpu.Threading;

namespace SglNative.Cpu.Moe;

/// <summary>Arguments of a choice of experts; a row is a token.</summary>
internal unsafe struct RouteJob
{
    public RowView Logits;
    public float* Correction;
    public int ExpertCount;
    public int* Experts;
    public float* Weights;
    public int TopK;
    public bool Sigmoid;
    public bool Renormalize;
    public float Scale;
    public int Groups;
    public int TopGroups;
    public int GroupScoreCount;
    public byte** Scratch;
    public RowSplit Split;
}
