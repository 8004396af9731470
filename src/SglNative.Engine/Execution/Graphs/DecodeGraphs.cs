using SglNative.Core;
using SglNative.Core.Progress;
using SglNative.Core.Tensors;
using SglNative.Engine.Caching;
using SglNative.Engine.Parallelism;
using SglNative.Engine.Scheduling;
using SglNative.Models;
using SglNative.Models.Backends;
using SglNative.Models.Batches;
using SglNative.Models.Modules;

namespace SglNative.Engine.Execution.Graphs;

/// <summary>
/// Decode steps recorded for several batch sizes. A graph is recorded with the lengths that sequences can have at most and reads the real
/// ones on the device, so one fits every step of its size. Its inputs, the caches, the arena's blocks and the kernels' workspace stay
/// where they are while it lives. Used by the thread that owns the device.
/// </summary>
internal sealed class DecodeGraphs : IDisposable
{
    private readonly Backend _backend;
    private readonly CausalLM _model;
    private readonly GraphSizes _sizes;
    private readonly DecodeInputs _inputs;
    private readonly Dictionary<int, DecodeGraph> _graphs = [];
    private readonly StepPlan _padding = new();
    private readonly Followers? _followers;

    /// <param name="backend">A device that records.</param>
    /// <param name="model">The model on it.</param>
    /// <param name="pool">Its caches.</param>
    /// <param name="sizes">For which sizes; not none.</param>
    /// <param name="maxLength">Tokens that a sequence has at most.</param>
    /// <param name="followers">The ranks beside this one, which record what it records; null for none.</param>
    public DecodeGraphs(Backend backend, CausalLM model, KvPool pool, GraphSizes sizes, int maxLength, Followers? followers = null)
    {
        (_backend, _model, _sizes, _followers) = (backend, model, sizes, followers);
        _inputs = new DecodeInputs(model.Build, pool, sizes.Sizes[^1], Math.Min(maxLength, pool.Pages.Capacity * pool.Pages.PageSize));
    }

    /// <summary>How often one was replayed.</summary>
    public long Replays { get; private set; }

    /// <summary>What is staged for them.</summary>
    public DecodeInputs Inputs => _inputs;

    /// <summary>Records every size, the largest first: the smaller ones find room in its memory.</summary>
    /// <exception cref="SglException">The model cannot be captured, or there is no memory for it.</exception>
    public void CaptureAll(IByteProgress? progress = null)
    {
        progress?.Begin("Capturing decode graphs", _sizes.Sizes.Count, unit: "sizes");
        for (var i = _sizes.Sizes.Count - 1; i >= 0; i--)
        {
            Capture(_sizes.Sizes[i]);
            progress?.Advance(1);
        }
        progress?.End();
    }

    /// <summary>Records one size, again where it was recorded before.</summary>
    /// <exception cref="SglException">The model cannot be captured, or there is no memory for it.</exception>
    public DecodeGraph Capture(int size)
    {
        var batch = _inputs.Stage(_padding, size);
        _followers?.Capture(size, _inputs);
        var graph = Capture(size, batch);
        _followers?.Join();
        return graph;
    }

    /// <summary>Records one size as another rank does, from what that one has staged.</summary>
    public void Capture(int size, DecodeInputs staged) => Capture(size, _inputs.Copy(staged));

    /// <summary>Issues a recorded step, whose inputs are staged.</summary>
    public void Replay(DecodeGraph graph)
    {
        graph.Operations.Replay();
        _backend.Ops.Arena.Restore(graph.End);
        Replays++;
    }

    /// <summary>Issues a recorded step as another rank does, from what that one has staged.</summary>
    public DecodeGraph Replay(int size, DecodeInputs staged)
    {
        _inputs.Copy(staged);
        Replay(_graphs[size]);
        return _graphs[size];
    }

    private DecodeGraph Capture(int size, ForwardBatch batch)
    {
        if (_graphs.Remove(size, out var old)) old.Operations.Dispose();
        var observer = _model.Build.Observer;
        try
        {
            // Once as it is: kernels and products are made ready, and the arena grows to what the step needs, observed or not.
            if (observer is not null) _model.Build.Observer = SilentObserver.Instance;
            Compute(batch);
            _backend.Synchronize();
            _model.Build.Observer = observer;
            Tensor hidden = default, logits = default;
            var operations = _backend.Record(() => (hidden, logits) = Compute(batch));
            return _graphs[size] = new DecodeGraph(size, operations, hidden, logits, _backend.Ops.Arena.Position, observer);
        }
        catch (RecordingException e)
        {
            throw new SglException($"{_model.GetType().Name} ({_model.GetType().Assembly.GetName().Name}) cannot be captured into a graph: "
                + $"{(e.Caller is { } caller ? $"{caller} calls" : "a decode step calls")} {e.Call}, {e.Reason}; compute it with operations on the device, "
                + "or let the model declare CaptureSafe => false, which runs it step by step (as --disable-cuda-graph does)", e);
        }
        finally
        {
            _model.Build.Observer = observer;
            _backend.Ops.Arena.BeginStep();
        }
    }

    /// <summary>
    /// The graph that computes the plan, its inputs staged; null where the step must run operation by operation: it has a prompt, more
    /// sequences than a graph has, or an observer that does not follow replays. With <paramref name="capture"/>, one that is missing is
    /// recorded.
    /// </summary>
    public DecodeGraph? Stage(StepPlan plan, bool capture, out ForwardBatch? batch)
    {
        batch = null;
        var observer = _model.Build.Observer;
        if (observer is { FollowsReplays: false }) return null;
        foreach (var entry in plan.Entries)
            if (entry.Tokens != 1 || !entry.Draws || entry.End > _inputs.MaxLength) return null;
        var size = _sizes.SizeFor(plan.Entries.Count);
        if (size == 0) return null;
        var found = _graphs.TryGetValue(size, out var graph) && graph.Observer == observer;
        if (!found && !capture) return null;
        if (!found) graph = Capture(size);
        batch = _inputs.Stage(plan, size);
        return graph;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var graph in _graphs.Values) graph.Operations.Dispose();
        _graphs.Clear();
        _inputs.Dispose();
    }

    private (Tensor Hidden, Tensor Logits) Compute(ForwardBatch batch)
    {
        _backend.Ops.Arena.BeginStep();
        var hidden = _model.Forward(batch, _model.Embed(batch));
        // Every sequence draws: the rows of the logits are those of the batch.
        return (hidden, _model.ComputeLogits(hidden));
    }

    // Makes layers compute what they compute for an observer.
    private sealed class SilentObserver : IModuleObserver
    {
        public static SilentObserver Instance { get; } = new();

        public void OnOutput(string name, in Tensor output) { }
    }
}
