using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Engine.Caching;
using SglNative.Models;
using SglNative.Models.Backends;

namespace SglNative.Engine.Loading;

/// <summary>A model with its weights on a device; what an engine or a benchmark runs.</summary>
/// <param name="Model">The model.</param>
/// <param name="Backend">The device; disposed with this.</param>
/// <param name="Config">The checkpoint's configuration, overrides merged.</param>
/// <param name="Generation">The checkpoint's generation defaults.</param>
/// <param name="Info">What is known of it.</param>
/// <param name="KvDType">Type of the KV cache.</param>
public sealed record LoadedModel(CausalLM Model, Backend Backend, CheckpointConfig Config, GenerationConfig Generation, ModelInfo Info, DType KvDType) : IDisposable
{
    /// <summary>Allocates the model's caches: so many pages, the one set aside included, and states of so many sequences.</summary>
    public KvPool CreatePool(int pages, int states) =>
        new(Backend, Model.Build.Caches, new PoolSize(pages, Info.PageSize, states), KvDType);

    /// <inheritdoc/>
    public void Dispose() => Backend.Dispose();
}
