using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Caching;

/// <summary>Launches kernels/caching/store_kv.cu: keys and values of a step into a layer's paged cache.</summary>
internal sealed class StoreKvKernel(KernelContext context)
{
    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name);

    public static KernelName Name(Key key) => new("caching/store_kv.cu", $"sgl::store_kv<{key.In.Cpp()}, {key.Out.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) => range.DTypes.Select(dtype => Name(new(KernelRange.Between, dtype)));

    public void Run(in Tensor k, in Tensor v, in Tensor cache, in Tensor slots)
    {
        k.ExpectDenseRows(nameof(k));
        v.ExpectDenseRows(nameof(v));
        TensorChecks.ExpectSameType(k, v, nameof(v));
        slots.ExpectDense(nameof(slots), DType.Int32);
        if (cache.Shape[0] > 0 && !cache[0].IsContiguous) throw new ArgumentException($"the pages of cache {cache} are not contiguous", nameof(cache));
        var arguments = new Arguments
        {
            Key = k.Data,
            Value = v.Data,
            Cache = cache.Data,
            Slots = slots.Data,
            KeyToken = k.Strides[0],
            KeyHead = k.Strides[1],
            ValueToken = v.Strides[0],
            ValueHead = v.Strides[1],
            PageStride = cache.Strides[0],
            Heads = checked((int)k.Shape[1]),
            HeadDim = checked((int)k.Shape[2]),
            PageSize = checked((int)cache.Shape[3]),
            Pages = checked((int)cache.Shape[0]),
            Aligned = RowLaunch.IsAligned(k) && RowLaunch.IsAligned(v) && RowLaunch.IsAligned(cache) ? 1 : 0,
        };
        var threads = RowLaunch.ThreadsFor(2 * k.Shape[1] * ((k.Shape[2] + RowLaunch.Vector - 1) / RowLaunch.Vector));
        context.Launch(_kernels[new Key(k.DType, cache.DType)], checked((int)k.Shape[0]), threads, arguments);
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType In, DType Out);

    /// <summary><c>StoreKvArgs</c>.</summary>
    private struct Arguments
    {
        public nint Key, Value, Cache, Slots;
        public long KeyToken, KeyHead, ValueToken, ValueHead, PageStride;
        public int Heads, HeadDim, PageSize, Pages, Aligned;
    }
}
