using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Configuration;
using SglNative.Core.Progress;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Parallelism;
using SglNative.Engine.Sampling;
using SglNative.Models;
using SglNative.Models.Backends;
using SglNative.Models.Registry;

namespace SglNative.Engine.Loading;

/// <summary>From a checkpoint's folder to a model on a device.</summary>
public static class ModelLoader
{
    /// <summary>Finds what <c>--model-path</c> names (downloads it where needed) and loads it on the device that <c>--device</c> asks for.</summary>
    /// <exception cref="SglException">It cannot be found or served, or does not fit.</exception>
    public static async Task<LoadedModel> LoadAsync(
        ServerArgs args, ModelRegistry? registry = null, IByteProgress? progress = null, CancellationToken cancellation = default)
    {
        var directory = await ModelDirectory.ResolveAsync(args, progress, cancellation).ConfigureAwait(false);
        return Load(args, directory, DeviceOpener.Ranks(args), ModelDiscovery.Discover(args, registry), new StoppableProgress(progress, cancellation));
    }

    /// <summary>The folder that <c>--model-path</c> names, after a download where needed.</summary>
    /// <exception cref="SglException">It cannot be found.</exception>
    public static Task<string> LocateAsync(ServerArgs args, IByteProgress? progress = null, CancellationToken cancellation = default) =>
        ModelDirectory.ResolveAsync(args, progress, cancellation);

    /// <summary>Loads the checkpoint in <paramref name="directory"/> on one device. Nothing is left behind when it fails.</summary>
    /// <exception cref="SglException">The checkpoint cannot be served, or does not fit.</exception>
    /// <exception cref="ArgumentException">The arguments ask for several devices.</exception>
    public static LoadedModel Load(ServerArgs args, string directory, Func<Backend> openBackend, ModelRegistry registry, IByteProgress? progress = null)
    {
        if (args.TensorParallelSize > 1 && DeviceOpener.Decide(args, out _) != DeviceKind.Cpu)
            throw new ArgumentException($"the tensor-parallel size is {args.TensorParallelSize}, but one device is to be opened: see {nameof(DeviceOpener)}.{nameof(DeviceOpener.Ranks)}", nameof(args));
        return Load(args, directory, new RankDevices(1, _ => openBackend()), registry, progress);
    }

    /// <summary>Loads the checkpoint in <paramref name="directory"/>, spread over devices. Nothing is left behind when it fails.</summary>
    /// <exception cref="SglException">The checkpoint cannot be served, cannot be split so, or does not fit.</exception>
    public static LoadedModel Load(ServerArgs args, string directory, RankDevices devices, ModelRegistry registry, IByteProgress? progress = null)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var config = CheckpointConfig.Load(directory, args.JsonModelOverrideArgs);
        var contextLength = ContextLength.Resolve(config, args.ContextLength);
        var generation = GenerationConfig.Load(directory, config);
        if (args.SamplingDefaults == SamplingDefaults.Model) SamplingLimits.ValidateDefaults(generation, Path.Combine(directory, GenerationConfig.FileName));
        var dump = TensorDump.For(args);
        using var checkpoint = args.LoadFormat == LoadFormat.Dummy ? null : Checkpoint.Open(directory);
        var (entry, warning) = ModelChoice.Make(args, config, registry, checkpoint);
        var source = new LoadSource(args, directory, config, checkpoint, entry, contextLength);

        var threads = new RankThreads(devices.Count);
        var (ranks, plans) = (new RankLoad?[devices.Count], new (int Tokens, int PageSize, int States)[devices.Count]);
        try
        {
            threads.Run(rank => ranks[rank] = RankLoad.Declare(source, devices.Open(rank)), args.RankTimeout);
            threads.Run(rank => plans[rank] = ranks[rank]!.PlanMemory());
            threads.Run(rank => ranks[rank]!.PrepareKernels(plans[rank].PageSize, rank == 0 ? progress : null));
            threads.Run(rank => ranks[rank]!.LoadWeights(rank == 0 ? progress : null));
            var first = ranks[0]!;
            if (dump is not null) (dump.Backend, first.Build.Observer) = (first.Backend, dump);
            return new LoadedModel(first.Model, first.Backend, config, generation, new ModelInfo
            {
                ModelPath = args.ModelPath ?? DemoModel.Name,
                Directory = directory,
                ClassName = entry.ClassName,
                Package = entry.Package,
                Owner = entry.Owner,
                Source = entry.Source,
                Architecture = entry.Name,
                Device = devices.Count == 1 ? first.Backend.Description : $"{devices.Count} x {first.Backend.Description}",
                DType = first.DType,
                ContextLength = contextLength,
                VocabSize = first.Model.VocabSize,
                ChatTemplate = first.Model.ChatTemplate,
                WeightBytes = ranks.Sum(rank => rank!.WeightBytes),
                // Pages and slots are numbered alike on every rank, so the one with the least room decides.
                MaxTotalTokens = plans.Min(plan => plan.Tokens),
                MaxStates = plans.Min(plan => plan.States),
                PageSize = plans[0].PageSize,
                Warnings = [.. new[] { warning, first.Unprepared }.OfType<string>(), .. first.Dequantized],
            }, first.DType)
            {
                Ranks = devices.Count == 1 ? null : new RankGroup(threads, [.. ranks.Select(rank => rank!.Model)], args.RankTimeout),
            };
        }
        catch (Exception e)
        {
            // Where one rank has failed, the others may wait for it.
            foreach (var rank in ranks) rank?.Backend.LeaveRanks();
            foreach (var rank in ranks) rank?.Backend.Dispose();
            threads.Dispose();
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
}
