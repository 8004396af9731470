using System.Runtime.InteropServices;
using SglNative.Core.Checkpoints;
using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Cpu;
using SglNative.Engine.Caching;
using SglNative.Models;
using SglNative.Models.Backends;
using SglNative.Models.Batches;
using SglNative.Models.Modules;
using SglNative.Models.Parallelism;
using SglNative.Models.Registry;
using SglNative.Models.Weights;
using SglNative.Testing;

namespace SglNative.Engine.Tests.ModelContract;

/// <summary>A golden, or a pipeline stage of it, with caches for one sequence, run without an engine: what a host of its own would do.</summary>
internal sealed class ModelHarness : IDisposable
{
    private const int Length = 64, PageSize = 16;

    private readonly Backend _backend = new CpuBackend(new CpuOptions { Threads = 1 });
    private readonly List<Tensor> _tensors = [];
    private readonly KvPool _pool;

    public ModelHarness(string golden, PipelineStage? stage = null, ModelRegistry? registry = null)
    {
        var directory = TestFiles.Golden(golden);
        var config = CheckpointConfig.Load(directory);
        var build = new ModelBuild(_backend, DType.Float32, Length) { Stage = stage ?? PipelineStage.Whole };
        Model = (registry ?? ModelRegistry.Default).Resolve(config.Architectures).Factory(config.Text, build.Root);
        using var checkpoint = Checkpoint.Open(directory);
        var tensors = Model.WeightMap.Apply(checkpoint);
        WeightLoader.Check(build, tensors, directory);
        WeightLoader.Load(build, tensors);
        _pool = Pool(build);
    }

    /// <summary>A model without a checkpoint, its weights made up.</summary>
    public ModelHarness(Func<ModuleScope, CausalLM> create)
    {
        var build = new ModelBuild(_backend, DType.Float32, Length);
        Model = create(build.Root);
        WeightLoader.LoadDummy(build, seed: 1);
        _pool = Pool(build);
    }

    public CausalLM Model { get; }

    /// <summary>A step of the tokens from position <paramref name="first"/> on.</summary>
    public ForwardBatch Step(int[] ids, int first)
    {
        var positions = Ints([.. Enumerable.Range(first, ids.Length)]);
        return new ForwardBatch(_backend.Ops, _pool.Layers)
        {
            TokenIds = Ints(ids), Positions = positions, RotaryPositions = positions, Slots = Ints([.. Enumerable.Range(PageSize + first, ids.Length)]),
            Attention = new AttentionMetadata
            {
                QueryStart = Ints([0, ids.Length]), KvLengths = Ints([first + ids.Length]), PageTable = Ints([.. Enumerable.Range(1, Length / PageSize)]).View(1, Length / PageSize),
                StateSlots = Ints([1]), PageSize = PageSize, MaxQueryLength = ids.Length, MaxKvLength = first + ids.Length,
            },
        };
    }

    public Tensor Floats(float[] values, params ReadOnlySpan<long> dims)
    {
        var tensor = Allocate(new Shape(dims), DType.Float32);
        _backend.Upload(MemoryMarshal.AsBytes(values.AsSpan()), tensor);
        return tensor;
    }

    public float[] Download(in Tensor tensor)
    {
        var values = new float[tensor.Count];
        _backend.Download(tensor, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>All of the model on the ids: logits of each.</summary>
    public float[] Logits(int[] ids, int first)
    {
        _backend.Ops.Arena.BeginStep();
        var batch = Step(ids, first);
        return Download(Model.ComputeLogits(Model.Forward(batch, Model.Embed(batch))));
    }

    public void BeginStep() => _backend.Ops.Arena.BeginStep();

    public void Dispose() => _backend.Dispose();

    private KvPool Pool(ModelBuild build) =>
        new(_backend, build.Caches, new PoolSize(Length / PageSize + 1, PageSize, 1), DType.Float32);

    private Tensor Ints(int[] values)
    {
        var tensor = Allocate(new Shape(values.Length), DType.Int32);
        _backend.Upload(MemoryMarshal.AsBytes(values.AsSpan()), tensor);
        return tensor;
    }

    private Tensor Allocate(Shape shape, DType dtype)
    {
        _tensors.Add(_backend.Allocate(shape, dtype));
        return _tensors[^1];
    }
}
