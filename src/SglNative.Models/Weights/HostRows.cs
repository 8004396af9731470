using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>Gathers rows of a tensor in host memory.</summary>
internal static unsafe class HostRows
{
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
