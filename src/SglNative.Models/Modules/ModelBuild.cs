using SglNative.Core.Tensors;
using SglNative.Models.Backends;
using SglNative.Models.Caching;
using SglNative.Models.Layers;
using SglNative.Models.Parallelism;
using SglNative.Models.Weights;

namespace SglNative.Models.Modules;

/// <summary>
/// What is shared while one model is built and run: the device, the types, the parallel rank, and everything that its layers
/// declare. Layers are chosen here, so that a model file names neither a backend nor a quantisation nor a rank.
/// </summary>
/// <param name="backend">Where the model runs.</param>
/// <param name="dtype">The model's compute type (<c>--dtype</c>).</param>
/// <param name="maxPositions">Positions that can occur (<c>--context-length</c>); sizes rotary tables.</param>
public sealed class ModelBuild(Backend backend, DType dtype, int maxPositions)
{
    private readonly List<Parameter> _parameters = [];
    private readonly List<CacheSpec> _caches = [];
    private readonly List<Router> _routers = [];
    private readonly List<Action> _onLoaded = [];
    private readonly Dictionary<object, object> _shared = [];

    /// <summary>Where the model runs.</summary>
    public Backend Backend => backend;

    /// <summary>The model's compute type.</summary>
    public DType DType => dtype;

    /// <summary>
    /// The type in which values enter matrix multiplications, attention and the cache; see <see cref="Backend.OperandDType"/>. A
    /// value is rounded once, where it becomes an operand: results and residuals stay float32.
    /// </summary>
    public DType OperandDType => backend.OperandDType(dtype);

    /// <summary>Positions that can occur.</summary>
    public int MaxPositions => maxPositions;

    /// <summary>The rank among those that share the weights: the backend's.</summary>
    public ParallelContext Parallel { get; init; } = backend.Parallel;

    /// <summary>The part of the layers that is built.</summary>
    public PipelineStage Stage { get; init; } = PipelineStage.Whole;

    /// <summary>Chooses how linear layers store and apply their weights.</summary>
    public ILinearMethodFactory LinearMethods { get; init; } = UnquantizedLinearMethod.Factory;

    /// <summary>Sees module outputs while set; null in serving.</summary>
    public IModuleObserver? Observer { get; set; }

    /// <summary>
    /// Sequences longer than this rotate by a second table that follows the first; null where there is one table. Set by rotary
    /// embeddings whose scaling depends on the sequence's length.
    /// </summary>
    public int? RotarySwitch { get; internal set; }

    /// <summary>
    /// The row of the rotary tables for a token at <paramref name="position"/>. A prompt rotates as a whole, each token after it by the
    /// length that it makes: so a token that is computed anew, after its sequence was set back, is rotated as it was before.
    /// </summary>
    public int RotaryRow(int promptLength, int position) => Math.Max(promptLength, position + 1) > RotarySwitch ? position + maxPositions : position;

    /// <summary>Bytes of tables that are computed when the weights are loaded.</summary>
    public long ReservedBytes { get; private set; }

    /// <summary>All parameters, in order of declaration.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The cache of each layer, by cache layer id.</summary>
    public IReadOnlyList<CacheSpec> Caches => _caches;

    /// <summary>The routers of its mixtures of experts, in order of declaration; none in a dense model.</summary>
    public IReadOnlyList<Router> Routers => _routers;

    /// <summary>The scope of the model's root.</summary>
    public ModuleScope Root => new(this, "");

    internal void Declare(Parameter parameter) => _parameters.Add(parameter);

    internal int Declare(CacheSpec cache)
    {
        _caches.Add(cache);
        return _caches.Count - 1;
    }

    /// <summary>Makes a router known. <see cref="FusedMoe"/> does; a plugin's own mixture of experts should.</summary>
    public void Declare(Router router) => _routers.Add(router);

    internal void ReserveBytes(long bytes) => ReservedBytes += bytes;

    /// <summary>Runs <paramref name="action"/> when the weights are on the device: for tables that are computed rather than loaded.</summary>
    public void OnLoaded(Action action) => _onLoaded.Add(action);

    internal void Loaded()
    {
        foreach (var action in _onLoaded) action();
    }

    /// <summary>One object per <paramref name="key"/> for the whole model: layers with equal rotary settings share a table.</summary>
    public T Shared<T>(object key, Func<T> create) where T : notnull
    {
        if (_shared.TryGetValue(key, out var existing)) return (T)existing;
        var created = create();
        _shared.Add(key, created);
        return created;
    }
}
