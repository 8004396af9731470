namespace SglNative.Models.Weights;

/// <summary>Collects runs of rows that lie at equal distances.</summary>
internal static unsafe class HostRows
{
    /// <summary><paramref name="count"/> runs of <paramref name="bytes"/> bytes, the first at <paramref name="offset"/>, one every <paramref name="stride"/>.</summary>
    public static HostElements Gather(SourceTensor source, int count, long stride, long offset, long bytes)
    {
        var elements = source.Read();
        var target = GC.AllocateUninitializedArray<byte>(checked((int)(count * bytes)), pinned: true);
        fixed (byte* to = target)
        {
            for (var i = 0; i < count; i++) Buffer.MemoryCopy((byte*)elements.Address + i * stride + offset, to + i * bytes, bytes, bytes);
            GC.KeepAlive(elements.Owner);
            return new HostElements((nint)to, target);
        }
    }
}
