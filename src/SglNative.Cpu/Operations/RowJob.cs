using SglNative.Cpu.Threading;

namespace SglNative.Cpu.Operations;

/// <summary>
/// Arguments of an operation that works row by row; it lives on the caller's stack while the threads read it.
/// </summary>
internal unsafe struct RowJob
{
    public RowView A;
    public RowView B;
    public RowView Output;
    public RowView Weight;
    public bool HasWeight;
    public bool HasBias;
    public float* Weights;
    public int* Indices;
    public long First;
    public long Whole;
    public float Factor;
    public float Offset;
    public int Kind;
    public byte** Scratch;
    public RowSplit Split;
}
