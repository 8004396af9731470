using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Configuration;
using SglNative.Core.Progress;
using SglNative.Core.Tensors;
using SglNative.Engine.Caching;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Sampling;
using SglNative.Models;
using SglNative.Models.Backends;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Engine.Loading;

/// <summary>From a checkpoint's folder to a model on a device.</summary>
public static class ModelLoader
{
    // Enough for a short conversation; a pool that cannot hold it is no use.
    private const int LeastKvTokens = 512;
    private const long CpuKvBytes = 4L << 30;
    private const int MaxPageSize = 4096;
    private const long CpuStateBytes = 1L << 30;
    // States of fixed size beside paged keys and values: neither should starve the other.
    private const double StatePart = 0.5;

    /// <summary>Finds what <c>--model-path</c> names (downloads it where needed) and loads it on the device that <c>--device</c> asks for.</summary>
    /// <exception cref="SglException">It cannot be found or served, or does not fit.</exception>
    public static async Task<LoadedModel> LoadAsync(
        ServerArgs args, ModelRegistry? registry = null, IByteProgress? progress = null, CancellationToken cancellation = default)
    {
        var directory = await ModelDirectory.ResolveAsync(args, progress, cancellation).ConfigureAwait(false);
        return Load(args, directory, () => DeviceOpener.Open(args), ModelDiscovery.Discover(args, registry), new StoppableProgress(progress, cancellation));
    }

    /// <summary>The folder that <c>--model-path</c> names, after a download where needed.</summary>
    /// <exception cref="SglException">It cannot be found.</exception>
    public static Task<string> LocateAsync(ServerArgs args, IByteProgress? progress = null, CancellationToken cancellation = default) =>
        ModelDirectory.ResolveAsync(args, progress, cancellation);

    /// <summary>Loads the checkpoint in <paramref name="directory"/>. Nothing is left behind when it fails.</summary>
    /// <exception cref="SglException">The checkpoint cannot be served, or does not fit.</exception>
    public static LoadedModel Load(ServerArgs args, string directory, Func<Backend> openBackend, ModelRegistry registry, IByteProgress? progress = null)
    {
        var config = CheckpointConfig.Load(directory, args.JsonModelOverrideArgs);
        var contextLength = ContextLength.Resolve(config, args.ContextLength);
        var generation = GenerationConfig.Load(directory, config);
        if (args.SamplingDefaults == SamplingDefaults.Model) SamplingLimits.ValidateDefaults(generation, Path.Combine(directory, GenerationConfig.FileName));
        var dump = TensorDump.For(args);
        using var checkpoint = args.LoadFormat == LoadFormat.Dummy ? null : Checkpoint.Open(directory);
        var (entry, warning) = ModelChoice.Make(args, config, registry, checkpoint);

        var backend = openBackend();
        try
        {
            var device = backend.Name == "cpu" ? DeviceKind.Cpu : DeviceKind.Cuda;
            var dtype = DTypeResolution.Resolve(args.DType, config.DType ?? checkpoint?.Tensors.Values.FirstOrDefault()?.DType, device);
            var build = new ModelBuild(backend, dtype, contextLength);
            var model = entry.Factory(config.Text, build.Root);
            CheckQuantization(config, model, directory);
            var tensors = checkpoint is null ? null : model.WeightMap.Apply(checkpoint);
            if (tensors is not null) WeightLoader.Check(build, tensors, directory);

            var (kvTokens, pageSize, states) = PlanMemory(args, backend, build, contextLength, device);
            var weightBytes = build.Parameters.Sum(parameter => parameter.ByteCount);
            progress?.Begin("Loading weights", weightBytes);
            if (tensors is not null) WeightLoader.Load(build, tensors, progress);
            else WeightLoader.LoadDummy(build, (ulong)(args.RandomSeed ?? 0), progress);
            backend.Synchronize();
            progress?.End();
            if (dump is not null) (dump.Backend, build.Observer) = (backend, dump);
            return new LoadedModel(model, backend, config, generation, new ModelInfo
            {
                ModelPath = args.ModelPath ?? DemoModel.Name,
                Directory = directory,
                ClassName = entry.ClassName,
                Package = entry.Package,
                Owner = entry.Owner,
                Source = entry.Source,
                Architecture = entry.Name,
                Device = backend.Description,
                DType = dtype,
                ContextLength = contextLength,
                VocabSize = model.VocabSize,
                ChatTemplate = model.ChatTemplate,
                WeightBytes = weightBytes,
                MaxTotalTokens = kvTokens,
                MaxStates = states,
                PageSize = pageSize,
                Warnings = [.. warning is null ? [] : new[] { warning }, .. Dequantized(tensors, dtype)],
            }, dtype);
        }
        catch (Exception e)
        {
            backend.Dispose();
            if (PluginFault.IsOf(entry.Source, e)) throw PluginFault.Make(entry.Owner, e);
            throw;
        }
    }

    /// <summary>Throws unless the checkpoint is unquantised, or quantised in a way of which the model makes plain weights.</summary>
    internal static void CheckQuantization(CheckpointConfig config, CausalLM model, string directory)
    {
        if (config.Quantization is not { } quantization) return;
        var method = quantization.FindString("quant_method");
        if (method is null || !DequantizesAttribute.MethodsOf(model.GetType()).Contains(method))
            throw new SglException($"{Path.Combine(directory, CheckpointConfig.FileName)}: quantization_config ({method ?? "of unknown method"}) "
                + "is not supported yet: use the model's unquantised bfloat16 checkpoint");
    }

    /// <summary>What quantised tensors grow to when they are loaded as plain ones.</summary>
    private static IEnumerable<string> Dequantized(IReadOnlyDictionary<string, SourceTensor>? tensors, DType dtype) =>
        from tensor in tensors?.Values ?? []
        where tensor.Format is not null
        group tensor.Shape.Count * dtype.Size() by tensor.Format into sizes
        select $"{sizes.Key} weights are loaded as {dtype.TorchName()}: they take {MemoryPlan.Bytes(sizes.Sum())} on the device, and no faster kernels";

    private static (int Tokens, int PageSize, int States) PlanMemory(ServerArgs args, Backend backend, ModelBuild build, int contextLength, DeviceKind device)
    {
        var pageSize = args.PageSize ?? backend.DefaultPageSize;
        if (pageSize is < 1 or > MaxPageSize) throw new SglException($"--page-size is {pageSize}, expected 1 to {MaxPageSize}");
        if (args.MaxTotalTokens < 1) throw new SglException($"--max-total-tokens is {args.MaxTotalTokens}, expected at least 1");
        var (total, free) = backend.Memory;
        var fraction = args.MemFractionStatic ?? (device == DeviceKind.Cpu ? 0.8 : 0.88);
        if (fraction is not (> 0 and < 1)) throw new SglException($"--mem-fraction-static is {fraction}, expected between 0 and 1");
        var perToken = KvPool.BytesPerToken(build.Caches, build.DType);
        var plan = new MemoryPlan(total, free, fraction, build.Parameters.Sum(p => p.ByteCount), build.ReservedBytes, perToken)
        {
            StateBytes = KvPool.BytesPerSequence(build.Caches),
        };
        var most = args.MaxTotalTokens ?? int.MaxValue / 2;
        // On a CPU the memory is everybody's: a pool for a few long conversations, not all there is.
        if (device == DeviceKind.Cpu && args.MaxTotalTokens is null && perToken > 0) most = (int)Math.Min(most, Math.Max(contextLength, CpuKvBytes / perToken));
        var mostStates = EngineLimits.MostRunning;
        if (device == DeviceKind.Cpu && plan.StateBytes > 0) mostStates = (int)Math.Clamp(CpuStateBytes / plan.StateBytes, 1, mostStates);
        var states = plan.States(args.MaxRunningRequests, mostStates, perToken > 0 ? StatePart : 1);
        // A slot number is an int32, and page 0 is set aside.
        most = Math.Min(most, int.MaxValue - 2 * pageSize);
        var tokens = plan.KvTokens(Math.Min(LeastKvTokens, contextLength), most, states);
        return (Math.Max(1, tokens / pageSize) * pageSize, pageSize, states);
    }
}
