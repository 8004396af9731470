using SglNative.Core.Tensors;
using SglNative.Models.Backends;
using SglNative.Models.Caching;

namespace SglNative.Engine.Caching;

/// <summary>
/// The device memory of all layers' caches: per layer [page][K|V][kv head][token in page][dim], latent [page][token in page][dim],
/// states of fixed size [sequence slot][…]. Pages and slots are numbered alike in every layer.
/// </summary>
public sealed class KvPool : IDisposable
{
    private readonly Backend _backend;
    private readonly Tensor[] _layers;
    private readonly List<Tensor> _owned = [];

    /// <summary>Allocates every layer's memory.</summary>
    /// <param name="backend">Where.</param>
    /// <param name="specs">What each layer remembers.</param>
    /// <param name="size">How many pages and slots.</param>
    /// <param name="dtype">Type of keys, values and latents.</param>
    public KvPool(Backend backend, IReadOnlyList<CacheSpec> specs, PoolSize size, DType dtype)
    {
        _backend = backend;
        _layers = new Tensor[specs.Count];
        var (pages, pageSize) = (size.Pages, size.PageSize);
        Pages = new PageAllocator(pages, pageSize);
        States = new StateAllocator(size.States);
        for (var i = 0; i < specs.Count; i++)
            _layers[i] = specs[i] switch
            {
                CacheSpec.Full full => Own(new Shape(pages, 2, full.KvHeads, pageSize, full.HeadDim), dtype),
                CacheSpec.Sliding sliding => Own(new Shape(pages, 2, sliding.KvHeads, pageSize, sliding.HeadDim), dtype),
                CacheSpec.Latent latent => Own(new Shape(pages, pageSize, latent.Rank + latent.RopeDim), dtype),
                CacheSpec.State state => Own(Prepend(size.States + 1, state.Shape), DType.Float32),
                CacheSpec.SharedWith shared => _layers[shared.Layer],
                _ => throw new NotSupportedException($"no pool for {specs[i]}"),
            };
    }

    /// <summary>Which pages are in use.</summary>
    public PageAllocator Pages { get; }

    /// <summary>Which sequences hold a slot of the state pools.</summary>
    public StateAllocator States { get; }

    /// <summary>Each layer's pool, by cache layer id.</summary>
    public IReadOnlyList<Tensor> Layers => _layers;

    /// <summary>Bytes that one token takes in all layers together.</summary>
    public static long BytesPerToken(IReadOnlyList<CacheSpec> specs, DType dtype) => specs.Sum(spec => spec.ElementsPerToken) * dtype.Size();

    /// <summary>Bytes that one sequence's states take in all layers together, however long it is.</summary>
    public static long BytesPerSequence(IReadOnlyList<CacheSpec> specs) => specs.OfType<CacheSpec.State>().Sum(state => state.Shape.Count) * sizeof(float);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _owned) _backend.Free(tensor);
        _owned.Clear();
    }

    private static Shape Prepend(int slots, Shape shape)
    {
        Span<long> dims = stackalloc long[shape.Rank + 1];
        dims[0] = slots;
        for (var i = 0; i < shape.Rank; i++) dims[i + 1] = shape[i];
        return new Shape(dims);
    }

    private Tensor Own(Shape shape, DType dtype)
    {
        var tensor = _backend.Allocate(shape, dtype);
        _owned.Add(tensor);
        return tensor;
    }
}
