using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Configuration;
using SglNative.Engine.Configuration;
using SglNative.Models.Architectures.Generic;
using SglNative.Models.Registry;

namespace SglNative.Engine.Loading;

/// <summary>Which class serves a checkpoint.</summary>
/// <param name="Model">The class.</param>
/// <param name="Warning">What somebody should know of the choice; null for nothing.</param>
internal sealed record ModelChoice(RegisteredModel Model, string? Warning = null)
{
    /// <summary>The architecture's own class, or the generic decoder, as <c>--model-impl</c> says.</summary>
    /// <exception cref="SglException">Neither can serve it.</exception>
    public static ModelChoice Make(ServerArgs args, CheckpointConfig config, ModelRegistry registry, Checkpoint? checkpoint)
    {
        if (args.ModelImplementation == ModelImplementation.Generic) return new ModelChoice(Generic(config, checkpoint));
        try
        {
            return new ModelChoice(ModelResolution.Resolve(config, registry));
        }
        catch (SglException unsupported) when (args.ModelImplementation == ModelImplementation.Auto && checkpoint is not null && registry.IsUnknown(config.Architectures))
        {
            try
            {
                var generic = Generic(config, checkpoint);
                var warning = $"{generic.Name} is not among the supported architectures: it is served by a generic decoder that follows config.json and the tensors' names";
                return new ModelChoice(generic, ModelResolution.RemoteClass(config) is { } remote
                    ? $"{warning}; config.json's auto_map asks for {remote}, code of the checkpoint that is never run: what it does otherwise is not done" : warning);
            }
            catch (SglException doubt)
            {
                throw new SglException($"{unsupported.Message}; the generic decoder cannot serve it either: {doubt.Message}");
            }
        }
    }

    private static RegisteredModel Generic(CheckpointConfig config, Checkpoint? checkpoint)
    {
        if (checkpoint is null) throw new SglException("the generic decoder goes by the names of a checkpoint's tensors, so --load-format dummy needs --model-impl native");
        var decoder = GenericDecoder.Read(config.Text, checkpoint.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Shape, StringComparer.Ordinal));
        return new RegisteredModel((config.Architectures.Count > 0 ? config.Architectures[0] : "unnamed"), (_, root) => new GenericForCausalLM(decoder, root), nameof(GenericForCausalLM), "SglNative.Models");
    }
}
