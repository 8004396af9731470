using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>Transposes a matrix, or each of several, in host memory.</summary>
internal static unsafe class HostTranspose
{
    // A block of both matrices fits the first-level cache.
    private const int Block = 32;

    /// <summary>Of the last dimension, <paramref name="count"/> columns from <paramref name="first"/> on; no others are read.</summary>
    public static HostElements Run(SourceTensor source, long first, long count)
    {
        var (rows, columns, size) = (source.Shape[-2], source.Shape[-1], source.DType.Size());
        var matrices = source.Shape.Count / Math.Max(1, rows * columns);
        var target = GC.AllocateUninitializedArray<byte>(checked((int)(matrices * rows * count * size)), pinned: true);
        var elements = source.Read();
        fixed (byte* to = target)
        {
            for (var matrix = 0L; matrix < matrices; matrix++)
                Transpose((byte*)elements.Address + (matrix * rows * columns + first) * size, to + matrix * rows * count * size, rows, columns, count, size);
            GC.KeepAlive(elements.Owner);
            return new HostElements((nint)to, target);
        }
    }

    private static void Transpose(byte* from, byte* to, long rows, long stride, long columns, int size)
    {
        for (var r0 = 0L; r0 < rows; r0 += Block)
            for (var c0 = 0L; c0 < columns; c0 += Block)
                for (var r = r0; r < Math.Min(rows, r0 + Block); r++)
                    for (var c = c0; c < Math.Min(columns, c0 + Block); c++)
                        for (var b = 0; b < size; b++) to[(c * rows + r) * size + b] = from[(r * stride + c) * size + b];
    }
}
