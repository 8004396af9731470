using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>Transposes a matrix in host memory.</summary>
internal static unsafe class HostTranspose
{
    // A block of both matrices fits the first-level cache.
    private const int Block = 32;

    public static HostElements Run(SourceTensor source)
    {
        var (rows, columns, size) = (source.Shape[0], source.Shape[1], source.DType.Size());
        var target = GC.AllocateUninitializedArray<byte>(checked((int)(rows * columns * size)), pinned: true);
        var elements = source.Read();
        var from = (byte*)elements.Address;
        fixed (byte* to = target)
        {
            for (var r0 = 0L; r0 < rows; r0 += Block)
                for (var c0 = 0L; c0 < columns; c0 += Block)
                    for (var r = r0; r < Math.Min(rows, r0 + Block); r++)
                        for (var c = c0; c < Math.Min(columns, c0 + Block); c++)
                            for (var b = 0; b < size; b++) to[(c * rows + r) * size + b] = from[(r * columns + c) * size + b];
            GC.KeepAlive(elements.Owner);
            return new HostElements((nint)to, target);
        }
    }
}
