using SglNative.Core.Tensors;
using SglNative.Cpu.Operations;
using SglNative.Cpu.Threading;

namespace SglNative.Cpu.Attention;

/// <summary>Arguments of a write of keys and values into a paged cache; strides are in bytes.</summary>
internal unsafe struct StoreJob
{
    public RowView Keys;
    public RowView Values;
    public int* Slots;
    public int Heads;
    public byte* Cache;
    public DType CacheDType;
    public int PageSize;
    public long PageStride;
    public long ValueOffset;
    public long HeadStride;
    public long TokenStride;
    public byte** Scratch;
    public RowSplit Split;
}
