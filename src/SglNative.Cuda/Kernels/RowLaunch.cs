using SglNative.Core.Tensors;
using SglNative.Interop;

namespace SglNative.Cuda.Kernels;

/// <summary>The launch shape of kernels that give a thread eight neighbouring elements of a row: grid (rows, pieces of a row).</summary>
internal readonly record struct RowLaunch(Dim3 Grid, int Threads)
{
    /// <summary>Elements a thread takes; <c>kVector</c> of kernels/include/sgl/vector.cuh.</summary>
    public const int Vector = 8;

    private const int MaxThreads = 256, Warp = 32, VectorAlignment = 16;

    /// <summary>For <paramref name="rows"/> rows of <paramref name="width"/> elements.</summary>
    public static RowLaunch For(long rows, long width)
    {
        var vectors = (width + Vector - 1) / Vector;
        var threads = (int)Math.Min(MaxThreads, (vectors + Warp - 1) / Warp * Warp);
        return new(new Dim3(checked((int)rows), checked((int)((vectors + threads - 1) / threads))), threads);
    }

    /// <summary>Threads of a block that has <paramref name="work"/> independent pieces: whole warps, at most 256.</summary>
    public static int ThreadsFor(long work) => (int)Math.Min(MaxThreads, (work + Warp - 1) / Warp * Warp);

    /// <summary>True when every row of the tensor starts at a multiple of 16 bytes, so that vector loads may be used.</summary>
    public static bool IsAligned(in Tensor tensor)
    {
        if (tensor.Data % VectorAlignment != 0) return false;
        for (var axis = 0; axis < tensor.Rank - 1; axis++)
            if (tensor.Shape[axis] > 1 && tensor.Strides[axis] * tensor.DType.Size() % VectorAlignment != 0) return false;
        return true;
    }
}
