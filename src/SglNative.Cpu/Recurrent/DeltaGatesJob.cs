using SglNative.Cpu.Operations;
using SglNative.Cpu.Threading;

namespace SglNative.Cpu.Recurrent;

/// <summary>Arguments of the gates of a delta rule; results are dense.</summary>
internal unsafe struct DeltaGatesJob
{
    public RowView A;
    public RowView B;
    public RowView ALog;
    public RowView DtBias;
    public float* LogDecay;
    public float* Beta;
    public byte** Scratch;
    public RowSplit Split;
}
