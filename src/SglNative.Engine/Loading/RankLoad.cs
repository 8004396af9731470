using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Core.Progress;
using SglNative.Core.Tensors;
using SglNative.Engine.Caching;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution.Graphs;
using SglNative.Models;
using SglNative.Models.Backends;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Engine.Loading;

/// <summary>What a model is loaded from: the same for every rank.</summary>
/// <param name="Args">What was asked for.</param>
/// <param name="Directory">The checkpoint's folder.</param>
/// <param name="Config">Its configuration, overrides merged.</param>
/// <param name="Checkpoint">Its tensors; null for made-up weights.</param>
/// <param name="Model">The class that serves it.</param>
/// <param name="ContextLength">The longest sequence.</param>
internal sealed record LoadSource(
    ServerArgs Args, string Directory, CheckpointConfig Config, Core.Checkpoints.Checkpoint? Checkpoint, RegisteredModel Model, int ContextLength);

/// <summary>One rank of a model while it is loaded: its device, its copy of the model, its share of the weights.</summary>
internal sealed class RankLoad
{
    // Enough for a short conversation; a pool that cannot hold it is no use.
    private const int LeastKvTokens = 512;
    private const long CpuKvBytes = 4L << 30;
    private const int MaxPageSize = 4096;
    private const long CpuStateBytes = 1L << 30;
    // States of fixed size beside paged keys and values: neither should starve the other.
    private const double StatePart = 0.5;

    private readonly LoadSource _source;

    private RankLoad(LoadSource source, Backend backend)
    {
        (_source, Backend) = (source, backend);
        Device = backend.Name == "cpu" ? DeviceKind.Cpu : DeviceKind.Cuda;
        DType = DTypeResolution.Resolve(source.Args.DType, source.Config.DType ?? source.Checkpoint?.Tensors.Values.FirstOrDefault()?.DType, Device);
        Build = new ModelBuild(backend, DType, source.ContextLength);
        Model = source.Model.Factory(source.Config.Text, Build.Root);
        ModelLoader.CheckQuantization(source.Config, Model, source.Directory);
        if (source.Checkpoint is null) return;
        Tensors = Model.WeightMap.Apply(source.Checkpoint);
        WeightLoader.Check(Build, Tensors, source.Directory);
    }

    public Backend Backend { get; }

    public DeviceKind Device { get; }

    /// <summary>The compute type.</summary>
    public DType DType { get; }

    public ModelBuild Build { get; }

    public CausalLM Model { get; }

    /// <summary>The checkpoint's tensors under the model's names; null for made-up weights.</summary>
    public IReadOnlyDictionary<string, SourceTensor>? Tensors { get; }

    /// <summary>Bytes of this rank's weights.</summary>
    public long WeightBytes => Build.Parameters.Sum(parameter => parameter.ByteCount);

    /// <summary>Declares the model on a device, which is disposed when that fails.</summary>
    /// <exception cref="SglException">The checkpoint cannot be served.</exception>
    public static RankLoad Declare(LoadSource source, Backend backend)
    {
        try
        {
            return new RankLoad(source, backend);
        }
        catch
        {
            backend.Dispose();
            throw;
        }
    }

    /// <summary>The caches that fit this rank's device beside its weights.</summary>
    /// <exception cref="SglException">None do, or the arguments make no sense.</exception>
    public (int Tokens, int PageSize, int States) PlanMemory()
    {
        var args = _source.Args;
        var pageSize = args.PageSize ?? Backend.DefaultPageSize;
        if (pageSize is < 1 or > MaxPageSize) throw new SglException($"--page-size is {pageSize}, expected 1 to {MaxPageSize}");
        if (args.MaxTotalTokens < 1) throw new SglException($"--max-total-tokens is {args.MaxTotalTokens}, expected at least 1");
        var (total, free) = Backend.Memory;
        var fraction = args.MemFractionStatic ?? (Device == DeviceKind.Cpu ? 0.8 : 0.88);
        if (fraction is not (> 0 and < 1)) throw new SglException($"--mem-fraction-static is {fraction}, expected between 0 and 1");
        var perToken = KvPool.BytesPerToken(Build.Caches, DType);
        var plan = new MemoryPlan(total, free, fraction, WeightBytes, Build.ReservedBytes, perToken)
        {
            StateBytes = KvPool.BytesPerSequence(Build.Caches),
            Captured = GraphMemory.Estimate(Build, Model, GraphSizes.For(args, Backend, Model, args.MaxRunningRequests ?? EngineLimits.MostRunning), pageSize),
        };
        var most = args.MaxTotalTokens ?? int.MaxValue / 2;
        // On a CPU the memory is everybody's: a pool for a few long conversations, not all there is.
        if (Device == DeviceKind.Cpu && args.MaxTotalTokens is null && perToken > 0) most = (int)Math.Min(most, Math.Max(_source.ContextLength, CpuKvBytes / perToken));
        var mostStates = EngineLimits.MostRunning;
        if (Device == DeviceKind.Cpu && plan.StateBytes > 0) mostStates = (int)Math.Clamp(CpuStateBytes / plan.StateBytes, 1, mostStates);
        var states = plan.States(args.MaxRunningRequests, mostStates, perToken > 0 ? StatePart : 1);
        // A slot number is an int32, and page 0 is set aside.
        most = Math.Min(most, int.MaxValue - 2 * pageSize);
        var tokens = plan.KvTokens(Math.Min(LeastKvTokens, _source.ContextLength), most, states);
        return (Math.Max(1, tokens / pageSize) * pageSize, pageSize, states);
    }

    /// <summary>Why not all kernels are prepared, for which no request need fail yet; null where they are.</summary>
    public string? Unprepared { get; private set; }

    /// <summary>Compiles what steps will launch.</summary>
    public void PrepareKernels(int pageSize, IByteProgress? progress)
    {
        // What reads values on the host may wait for some that a rehearsal has not.
        if (!Model.CaptureSafe) return;
        var rehearsal = new KernelRehearsal(Build, root => _source.Model.Factory(_source.Config.Text, root), pageSize, EngineLimits.ChunkTokens(_source.Args, Backend, Build.MaxPositions), DType);
        Backend.Prepare(stage =>
        {
            try
            {
                rehearsal.Run(stage);
            }
#pragma warning disable CA1031 // the steps that fail in earnest will say so, each to those who asked for it
            catch (Exception e)
#pragma warning restore CA1031
            {
                Unprepared = $"not all kernels of {Model.GetType().Name} are prepared, since its forward pass throws {e.GetType().Name}: {MessageText.Line(e.Message)}";
            }
        }, progress);
    }

    /// <summary>Fills the parameters, and waits until they are on the device.</summary>
    public void LoadWeights(IByteProgress? progress)
    {
        progress?.Begin("Loading weights", WeightBytes);
        if (Tensors is not null) WeightLoader.Load(Build, Tensors, progress);
        else WeightLoader.LoadDummy(Build, (ulong)(_source.Args.RandomSeed ?? 0), progress);
        Backend.Synchronize();
        progress?.End();
    }

    /// <summary>What quantised tensors grow to when they are loaded as plain ones, a line for each format.</summary>
    public IEnumerable<string> Dequantized =>
        from tensor in Tensors?.Values ?? []
        where tensor.Format is not null
        group tensor.Shape.Count * DType.Size() by tensor.Format into sizes
        select $"{sizes.Key} weights are loaded as {DType.TorchName()}: they take {MemoryPlan.Bytes(sizes.Sum())} on the device, and no faster kernels";
}
