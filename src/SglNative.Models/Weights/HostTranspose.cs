using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>Transposes a matrix, or each of several, in host memory.</summary>
internal static unsafe class HostTranspose
{
    // A block of both matrices fits the first-level cache.
    private const int Block = 32;

    public static HostElements Run(SourceTensor source)
    {
        var (rows, columns, size) = (source.Shape[-2], source.Shape[-1], source.DType.Size());
        var bytes = source.Shape.Count * size;
        var target = GC.AllocateUninitializedArray<byte>(checked((int)bytes), pinned: true);
        var elements = source.Read();
        fixed (byte* to = target)
        {
            var step = Math.Max(1, rows * columns * size);
            for (var matrix = 0L; matrix < bytes; matrix += step) Transpose((byte*)elements.Address + matrix, to + matrix, rows, columns, size);
            GC.KeepAlive(elements.Owner);
            return new HostElements((nint)to, target);
        }
    }

    private static void Transpose(byte* from, byte* to, long rows, long columns, int size)
    {
        for (var r0 = 0L; r0 < rows; r0 += Block)
            for (var c0 = 0L; c0 < columns; c0 += Block)
                for (var r = r0; r < Math.Min(rows, r0 + Block); r++)
                    for (var c = c0; c < Math.Min(columns, c0 + Block); c++)
                        for (var b = 0; b < size; b++) to[(c * rows + r) * size + b] = from[(r * columns + c) * size + b];
    }
}
