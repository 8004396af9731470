using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Engine.Caching;
using SglNative.Engine.Execution.Graphs;
using SglNative.Engine.Parallelism;
using SglNative.Models;
using SglNative.Models.Backends;

namespace SglNative.Engine.Loading;

/// <summary>A model with its weights on a device, or spread over several; what an engine or a benchmark runs.</summary>
/// <param name="Model">The model; of several ranks, the first one's.</param>
/// <param name="Backend">Its device; disposed with this, as are those of the other ranks.</param>
/// <param name="Config">The checkpoint's configuration, overrides merged.</param>
/// <param name="Generation">The checkpoint's generation defaults.</param>
/// <param name="Info">What is known of it.</param>
/// <param name="KvDType">Type of the KV cache.</param>
public sealed record LoadedModel(CausalLM Model, Backend Backend, CheckpointConfig Config, GenerationConfig Generation, ModelInfo Info, DType KvDType) : IDisposable
{
    /// <summary>The ranks that share the weights; null where there is one.</summary>
    internal RankGroup? Ranks { get; init; }

    /// <summary>Number of devices that the weights are spread over.</summary>
    public int RankCount => Ranks?.Count ?? 1;

    /// <summary>Allocates the model's caches: so many pages, the one set aside included, and states of so many sequences.</summary>
    public KvPool CreatePool(int pages, int states) =>
        CreatePool(Model, new PoolSize(pages, Info.PageSize, states));

    /// <summary>
    /// The other ranks with caches like <paramref name="pool"/> and graphs of <paramref name="sizes"/>, for a runner of the first one's;
    /// null where there are none.
    /// </summary>
    internal Followers? CreateFollowers(KvPool pool, GraphSizes? sizes = null) => Ranks is null ? null
        : new Followers(Ranks, rank => new FollowerStep(
            Ranks.Model(rank), CreatePool(Ranks.Model(rank), new PoolSize(pool.Pages.Capacity + 1, Info.PageSize, pool.States.Capacity)), sizes, Info.ContextLength));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Ranks is null) Backend.Dispose();
        else Ranks.Dispose();
    }

    private KvPool CreatePool(CausalLM model, PoolSize size) => new(model.Build.Backend, model.Build.Caches, size, KvDType);
}
