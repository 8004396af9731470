using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>Gathers rows of a tensor in host memory.</summary>
internal static unsafe class HostRows
{
    /// <summary><paramref name="count"/> runs of <paramref name="bytes"/> bytes, the first at <paramref name="offset"/>, one every <paramref name="stride"/>.</summary>
    public static HostElements Runs(SourceTensor source, int count, long stride, long offset, long bytes)
    {
        var target = GC.AllocateUninitializedArray<byte>(checked((int)(count * bytes)), pinned: true);
        var elements = source.Read();
        fixed (byte* to = target)
        {
            for (var i = 0; i < count; i++) Buffer.MemoryCopy((byte*)elements.Address + i * stride + offset, to + i * bytes, bytes, bytes);
            GC.KeepAlive(elements.Owner);
            return new HostElements((nint)to, target);
        }
    }

    /// <summary>Rows <paramref name="first"/>, first + <paramref name="step"/>, … of a tensor, where a row is an entry of its first dimension.</summary>
    public static HostElements Every(SourceTensor source, int step, int first)
    {
        var rows = source.Shape[0] / step;
        var bytes = source.Shape.Count / source.Shape[0] * source.DType.Size();
        var target = GC.AllocateUninitializedArray<byte>(checked((int)(rows * bytes)), pinned: true);
        var elements = source.Read();
        fixed (byte* to = target)
        {
            for (var r = 0L; r < rows; r++) Buffer.MemoryCopy((byte*)elements.Address + (first + r * step) * bytes, to + r * bytes, bytes, bytes);
            GC.KeepAlive(elements.Owner);
            return new HostElements((nint)to, target);
        }
    }
}
