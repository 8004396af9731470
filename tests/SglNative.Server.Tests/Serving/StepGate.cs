using System.Collections.Concurrent;
using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Models.Architectures;
using SglNative.Models.Batches;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Server.Tests.Serving;

/// <summary>A hand on the model's steps: it can hold them, make them fail, and see how many sequences each had.</summary>
public sealed class StepGate
{
    private int _allowed;
    private volatile bool _held;
    private readonly ConcurrentQueue<int> _sequences = new();

    /// <summary>What the next steps throw; null for none.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Sequences of each step so far.</summary>
    public IReadOnlyCollection<int> Sequences => _sequences;

    public void Hold()
    {
        Interlocked.Exchange(ref _allowed, 0);
        _held = true;
    }

    /// <summary>Lets one step pass while others are held.</summary>
    public void Allow() => Interlocked.Increment(ref _allowed);

    public void Release() => _held = false;

    /// <summary>The known architectures, with this gate before the Llama of the demo model.</summary>
    public ModelRegistry Registry()
    {
        var registry = ModelRegistry.Default.Copy();
        registry.Register("LlamaForCausalLM", (config, root) => new GatedLlama(config, root, this), nameof(GatedLlama), "tests");
        return registry;
    }

    // Only the scheduler's thread takes.
    private bool TryTake()
    {
        if (Volatile.Read(ref _allowed) == 0) return false;
        Interlocked.Decrement(ref _allowed);
        return true;
    }

    private void Pass(int sequences)
    {
        _sequences.Enqueue(sequences);
        while (_held && !TryTake()) Thread.Sleep(5);
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
