using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Caching;

/// <summary>Launches kernels/caching/store_latent.cu: latent rows of a step into a layer's paged cache.</summary>
internal sealed class StoreLatentKernel(KernelContext context)
{
    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name);

    public static KernelName Name(Key key) => new("caching/store_latent.cu", $"sgl::store_latent<{key.In.Cpp()}, {key.Out.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) => range.DTypes.Select(dtype => Name(new(KernelRange.Between, dtype)));

    public void Run(in Tensor x, in Tensor cache, in Tensor slots)
    {
        x.ExpectDenseRows(nameof(x));
        slots.ExpectDense(nameof(slots), DType.Int32);
        if (cache.Shape[0] > 0 && !cache[0].IsContiguous) throw new ArgumentException($"the pages of cache {cache} are not contiguous", nameof(cache));
        var launch = RowLaunch.For(x.Shape[0], x.Shape[1]);
        var arguments = new Arguments
        {
            X = x.Data,
            Cache = cache.Data,
            Slots = slots.Data,
            XStride = x.Strides[0],
            PageStride = cache.Strides[0],
            Width = checked((int)x.Shape[1]),
            PageSize = checked((int)cache.Shape[1]),
            Pages = checked((int)cache.Shape[0]),
            Aligned = RowLaunch.IsAligned(x) && RowLaunch.IsAligned(cache) ? 1 : 0,
        };
        context.Launch(_kernels[new Key(x.DType, cache.DType)], launch.Grid, launch.Threads, arguments);
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType In, DType Out);

    /// <summary><c>StoreLatentArgs</c>.</summary>
    private struct Arguments
    {
        public nint X, Cache, Slots;
        public long XStride, PageStride;
        public int Width, PageSize, Pages, Aligned;
    }
}
