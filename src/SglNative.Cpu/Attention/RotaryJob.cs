using SglNative.Cpu.Operations;
using SglNative.Cpu.Threading;

namespace SglNative.Cpu.Attention;

/// <summary>Arguments of a rotation of queries and keys by their positions.</summary>
internal unsafe struct RotaryJob
{
    public RowView Queries;
    public RowView Keys;
    public int QueryHeads;
    public int KeyHeads;
    public int* Positions;
    public float* CosSin;
    public long CosSinStride;
    /// <summary>Pairs that are rotated in each head.</summary>
    public int Half;
    public bool Interleaved;
    public byte** Scratch;
    public RowSplit Split;
}
