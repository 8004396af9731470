using System.Collections.Concurrent;
using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Models.Architectures;
using SglNative.Models.Batches;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Server.Tests.Serving;

/// <summary>A hand on the model's steps: it can hold them, make them fail, and see how many sequences each had.</summary>
public sealed class StepGate : IDisposable
{
    private readonly ManualResetEventSlim _open = new(true);
    private readonly ConcurrentQueue<int> _sequences = new();

    /// <summary>What the next steps throw; null for none.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Sequences of each step so far.</summary>
    public IReadOnlyCollection<int> Sequences => _sequences;

    public void Hold() => _open.Reset();

    public void Release() => _open.Set();

    /// <summary>The known architectures, with this gate before the Llama of the demo model.</summary>
    public ModelRegistry Registry()
    {
        var registry = ModelRegistry.Default.Copy();
        registry.Register("LlamaForCausalLM", (config, root) => new GatedLlama(config, root, this), nameof(GatedLlama), "tests");
        return registry;
    }

    public void Dispose()
    {
        _open.Set();
        _open.Dispose();
    }

    private void Pass(int sequences)
    {
        _sequences.Enqueue(sequences);
        _open.Wait();
        if (Failure is { } failure) throw failure;
    }

    private sealed class GatedLlama(JsonConfig config, ModuleScope root, StepGate gate) : LlamaForCausalLM(config, root)
    {
        public override Tensor Forward(ForwardBatch batch, Tensor hidden)
        {
            gate.Pass(batch.Attention.SequenceCount);
            return base.Forward(batch, hidden);
        }
    }
}
