using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Interop;

namespace SglNative.Cuda.Rotary;

/// <summary>Launches kernels/rotary/rotate_and_store.cu: rotated queries as operands, rotated keys and values into the cache.</summary>
internal sealed class RotateAndStoreKernel(KernelContext context)
{
    private const int Threads = 128;

    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name);

    public static KernelName Name(Key key) =>
        new("rotary/rotate_and_store.cu", $"sgl::rotate_and_store<{key.In.Cpp()}, {key.Query.Cpp()}, {key.Cache.Cpp()}, {key.Interleaved.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from dtype in range.DTypes
        from interleaved in range.Switch
        select Name(new(KernelRange.Between, dtype, dtype, interleaved));

    /// <summary>Without <paramref name="cosSin"/> nothing is rotated.</summary>
    public void Run(
        in Tensor q, in Tensor k, in Tensor v, in Tensor positions, in Tensor cosSin, bool interleaved, in Tensor cache, in Tensor slots, in Tensor output)
    {
        q.ExpectDenseRows(nameof(q));
        k.ExpectDenseRows(nameof(k));
        v.ExpectDenseRows(nameof(v));
        TensorChecks.ExpectSameType(q, k, nameof(k));
        TensorChecks.ExpectSameType(q, v, nameof(v));
        positions.ExpectDense(nameof(positions), DType.Int32);
        slots.ExpectDense(nameof(slots), DType.Int32);
        if (!cosSin.IsNull && cosSin.DType != DType.Float32) throw new ArgumentException($"cosSin is {cosSin}, expected float32", nameof(cosSin));
        if (!cosSin.IsNull) cosSin.ExpectDenseRows(nameof(cosSin));
        if (cache.Shape[0] > 0 && !cache[0].IsContiguous) throw new ArgumentException($"the pages of cache {cache} are not contiguous", nameof(cache));
        var (headDim, rotated) = (checked((int)q.Shape[2]), cosSin.IsNull ? 0 : checked((int)cosSin.Shape[1]));
        var arguments = new Arguments
        {
            Query = q.Data,
            Key = k.Data,
            Value = v.Data,
            Output = output.Data,
            Cache = cache.Data,
            Positions = positions.Data,
            CosSin = cosSin.Data,
            Slots = slots.Data,
            QueryToken = q.Strides[0],
            QueryHead = q.Strides[1],
            KeyToken = k.Strides[0],
            KeyHead = k.Strides[1],
            ValueToken = v.Strides[0],
            ValueHead = v.Strides[1],
            CosSinStride = cosSin.IsNull ? 0 : cosSin.Strides[0],
            PageStride = cache.Strides[0],
            QueryHeads = checked((int)q.Shape[1]),
            KeyHeads = checked((int)k.Shape[1]),
            HeadDim = headDim,
            Rotated = rotated,
            TableRows = cosSin.IsNull ? 0 : checked((int)cosSin.Shape[0]),
            PageSize = checked((int)cache.Shape[3]),
            Pages = checked((int)cache.Shape[0]),
            // Both halves of a head must start where vectors can be loaded from, and the heads of the output.
            Aligned = RowLaunch.IsAligned(q) && RowLaunch.IsAligned(k) && RowLaunch.IsAligned(v) && RowLaunch.IsAligned(cache) && RowLaunch.IsAligned(output)
                && (cosSin.IsNull || RowLaunch.IsAligned(cosSin)) && rotated / 2 % RowLaunch.Vector == 0 && headDim % RowLaunch.Vector == 0 ? 1 : 0,
        };
        var perHead = Pieces(rotated / 2) + Pieces(headDim - rotated);
        var work = (arguments.QueryHeads + arguments.KeyHeads) * perHead + arguments.KeyHeads * Pieces(headDim);
        context.Launch(_kernels[new Key(q.DType, output.DType, cache.DType, interleaved)], new Dim3(checked((int)q.Shape[0]), (work + Threads - 1) / Threads), Threads, arguments);
    }

    private static int Pieces(int elements) => (elements + RowLaunch.Vector - 1) / RowLaunch.Vector;

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType In, DType Query, DType Cache, bool Interleaved);

    /// <summary><c>RotateAndStoreArgs</c>.</summary>
    private struct Arguments
    {
        public nint Query, Key, Value, Output, Cache, Positions, CosSin, Slots;
        public long QueryToken, QueryHead, KeyToken, KeyHead, ValueToken, ValueHead, CosSinStride, PageStride;
        public int QueryHeads, KeyHeads, HeadDim, Rotated, TableRows, PageSize, Pages, Aligned;
    }
}
