using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Cpu;
using SglNative.Engine.Caching;
using SglNative.Engine.Configuration;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Engine.Loading;

/// <summary>What would happen to a checkpoint, found out without loading its weights.</summary>
/// <param name="Architectures">What <c>config.json</c> names.</param>
/// <param name="Model">The class that would serve it.</param>
/// <param name="DType">The type it would run in.</param>
/// <param name="Mapped">Tensors of the checkpoint that find their place.</param>
/// <param name="Problems">A line for each tensor that is missing, misshapen or left over.</param>
/// <param name="WeightBytes">Bytes of weights and tables on the device.</param>
/// <param name="KvBytesPerToken">Bytes that each token of a conversation takes.</param>
/// <param name="ContextLength">The longest sequence.</param>
public sealed record ModelCheck(
    IReadOnlyList<string> Architectures, RegisteredModel Model, DType DType, int Mapped, IReadOnlyList<string> Problems, long WeightBytes, long KvBytesPerToken, int ContextLength)
{
    /// <summary>What somebody should know of the choice of the class; null for nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>Bytes of states that each running sequence takes, however long it is.</summary>
    public long StateBytes { get; init; }

    /// <summary>Checks the checkpoint in <paramref name="directory"/>, by the rules by which it is loaded.</summary>
    /// <exception cref="SglException">No class serves it, its configuration or quantisation cannot be read, or its files are damaged.</exception>
    public static ModelCheck Run(ServerArgs args, string directory, ModelRegistry registry)
    {
        var config = CheckpointConfig.Load(directory, args.JsonModelOverrideArgs);
        var contextLength = Loading.ContextLength.Resolve(config, args.ContextLength);
        using var checkpoint = args.LoadFormat == LoadFormat.Dummy ? null : Checkpoint.Open(directory);
        var choice = ModelChoice.Make(args, config, registry, checkpoint);
        try
        {
            return Declare(args, directory, config, choice, checkpoint, contextLength);
        }
        catch (Exception e) when (PluginFault.IsOf(choice.Model.Source, e))
        {
            throw PluginFault.Make(choice.Model.Owner, e);
        }
    }

    private static ModelCheck Declare(ServerArgs args, string directory, CheckpointConfig config, ModelChoice choice, Checkpoint? checkpoint, int contextLength)
    {
        // A backend that nothing is allocated on: what the model declares is all that is wanted.
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        var dtype = DTypeResolution.Resolve(args.DType, config.DType ?? checkpoint?.Tensors.Values.FirstOrDefault()?.DType, DeviceOpener.Decide(args, out _));
        var build = new ModelBuild(backend, dtype, contextLength);
        var model = choice.Model.Factory(config.Text, build.Root);
        ModelLoader.CheckQuantization(config, model, directory);
        IReadOnlyList<string> problems = [];
        var mapped = 0;
        if (checkpoint is not null)
        {
            var tensors = model.WeightMap.Apply(checkpoint);
            problems = WeightLoader.Problems(build, tensors);
            mapped = build.Parameters.SelectMany(parameter => parameter.Parts).Count(part => tensors.TryGetValue(part.Source, out var tensor) && tensor.Shape == part.SourceShape);
        }
        return new ModelCheck(config.Architectures, choice.Model, dtype, mapped, problems,
            build.Parameters.Sum(parameter => parameter.ByteCount) + build.ReservedBytes, KvPool.BytesPerToken(build.Caches, dtype), contextLength)
        {
            Warning = choice.Warning,
            StateBytes = KvPool.BytesPerSequence(build.Caches),
        };
    }

    /// <summary>One line on why this class serves the checkpoint.</summary>
    public string Why => Warning
        ?? $"config.json names [{string.Join(", ", Architectures)}]; {Model.Name} is {(Architectures[0] == Model.Name ? "the first" : "the first that is known")}, served by {Model.Owner}, {Model.SourceText}";

    /// <summary>One line on the memory it needs.</summary>
    public string Memory => $"weights {MemoryPlan.Bytes(WeightBytes)} + KV cache {MemoryPlan.Bytes(1000 * KvBytesPerToken)} per 1k tokens "
        + $"{(StateBytes == 0 ? "" : $"+ states {MemoryPlan.Bytes(StateBytes)} per running request ")}"
        + $"({MemoryPlan.Bytes(WeightBytes + StateBytes + ContextLength * KvBytesPerToken)} with one sequence of {ContextLength} tokens), in {DType.TorchName()}";
}
