using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Engine.Configuration;
using SglNative.Models;
using SglNative.Models.Architectures;
using SglNative.Models.Batches;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Engine.Tests.Scheduling;

/// <summary>A golden's own model that throws for batches that hold a token, in a part of the step, after what comes before it has run.</summary>
internal sealed class FailingModel(Func<int[], Exception?> fails, string part = "forward") : IModuleObserver
{
    private Exception? _pending;
    private int _steps;

    /// <summary>Steps that were begun.</summary>
    public int Steps => _steps;

    /// <summary>Throws where <paramref name="token"/> is in the batch.</summary>
    public static FailingModel On(int token, string part = "forward") =>
        new(ids => ids.Contains(token) ? new InvalidOperationException($"token {token}\nis not liked") : null, part);

    public ModelRegistry Registry(ServerArgs args, ModelSource source = ModelSource.ExternalPackage)
    {
        var registry = ModelRegistry.Default.Copy();
        var name = CheckpointConfig.Load(args.ModelPath!).Architectures[0];
        var own = registry.Resolve(name);
        registry.Register([new ModelTableEntry(name, "Failing", null, (config, root) =>
        {
            root.Build.Observer = this;
            return part == "forward" ? own.Factory(config, root) : new FailingLlama(config, root, this, part);
        })], "Unlucky", "1.2.3", source, "a test");
        return registry;
    }

    public unsafe void BeginStep(ForwardBatch batch)
    {
        _steps++;
        _pending = fails(new ReadOnlySpan<int>((void*)batch.TokenIds.Data, batch.TokenCount).ToArray());
    }

    // Late in the stack: caches and states of the layers below are written by then.
    public void OnOutput(string name, in Tensor output)
    {
        if (part == "forward" && name == "model.layers.1") Throw();
    }

    private void Throw()
    {
        if (_pending is { } e) throw e;
    }

    private sealed class FailingLlama(JsonConfig config, ModuleScope root, FailingModel model, string part) : LlamaForCausalLM(config, root)
    {
        public override Tensor Embed(ForwardBatch batch)
        {
            if (part == "embed") model.Throw();
            return base.Embed(batch);
        }

        public override Tensor ComputeLogits(Tensor hidden)
        {
            if (part == "logits") model.Throw();
            return base.ComputeLogits(hidden);
        }
    }
}
