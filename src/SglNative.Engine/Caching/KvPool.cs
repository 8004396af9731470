using SglNative.Core.Tensors;
using SglNative.Models.Backends;
using SglNative.Models.Caching;

namespace SglNative.Engine.Caching;

/// <summary>The device memory of all layers' caches: per layer [page][K|V][kv head][token in page][dim]. Pages are numbered alike in every layer.</summary>
public sealed class KvPool : IDisposable
{
    private readonly Backend _backend;
    private readonly Tensor[] _layers;
    private readonly List<Tensor> _owned = [];

    /// <summary>Allocates <paramref name="pages"/> pages of <paramref name="pageSize"/> tokens in every layer.</summary>
    public KvPool(Backend backend, IReadOnlyList<CacheSpec> specs, int pages, int pageSize, DType dtype)
    {
        _backend = backend;
        _layers = new Tensor[specs.Count];
        Pages = new PageAllocator(pages, pageSize);
        for (var i = 0; i < specs.Count; i++)
            _layers[i] = specs[i] switch
            {
                CacheSpec.Full full => Own(new Shape(pages, 2, full.KvHeads, pageSize, full.HeadDim), dtype),
                CacheSpec.Sliding sliding => Own(new Shape(pages, 2, sliding.KvHeads, pageSize, sliding.HeadDim), dtype),
                CacheSpec.Latent latent => Own(new Shape(pages, pageSize, latent.Rank + latent.RopeDim), dtype),
                CacheSpec.SharedWith shared => _layers[shared.Layer],
                _ => throw new NotSupportedException($"no pool for {specs[i]}"),
            };
    }

    /// <summary>Which pages are in use.</summary>
    public PageAllocator Pages { get; }

    /// <summary>Each layer's pool, by cache layer id.</summary>
    public IReadOnlyList<Tensor> Layers => _layers;

    /// <summary>Bytes that one token takes in all layers together.</summary>
    public static long BytesPerToken(IReadOnlyList<CacheSpec> specs, DType dtype) => specs.Sum(spec => spec.ElementsPerToken) * dtype.Size();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _owned) _backend.Free(tensor);
        _owned.Clear();
    }

    private Tensor Own(Shape shape, DType dtype)
    {
        var tensor = _backend.Allocate(shape, dtype);
        _owned.Add(tensor);
        return tensor;
    }
}
