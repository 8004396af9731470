using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Models.Architectures;
using SglNative.Models.Batches;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Engine.Tests;

/// <summary>A Llama that calls a test before each step, on the thread that owns the device.</summary>
internal sealed class ProbedLlama(JsonConfig config, ModuleScope root, Action<ForwardBatch> onForward) : LlamaForCausalLM(config, root)
{
    public override Tensor Forward(ForwardBatch batch, Tensor hidden)
    {
        onForward(batch);
        return base.Forward(batch, hidden);
    }

    public static ModelRegistry Registry(Action onForward) => Registry(_ => onForward());

    public static ModelRegistry Registry(Action<ForwardBatch> onForward)
    {
        var registry = ModelRegistry.Default.Copy();
        registry.Register("LlamaForCausalLM", (config, root) => new ProbedLlama(config, root, onForward), nameof(ProbedLlama), "tests");
        return registry;
    }
}
