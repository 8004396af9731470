using SglNative.Core.Tensors;
using SglNative.Engine.Caching;
using SglNative.Engine.Execution;
using SglNative.Engine.Execution.Graphs;
using SglNative.Models;
using SglNative.Models.Batches;

namespace SglNative.Engine.Parallelism;

/// <summary>
/// The steps of a rank beside the first one: the same inputs, the same layers, the same logits, of which nothing is drawn. Used by the rank's
/// own thread.
/// </summary>
internal sealed class FollowerStep : IDisposable
{
    private readonly CausalLM _model;
    private readonly KvPool _pool;
    private readonly StagingBuffer _staging;
    private readonly StagingBuffer _rows;
    private readonly ForwardBatch _batch;
    private readonly DecodeGraphs? _graphs;
    private Tensor _hidden;

    /// <param name="model">The rank's copy of the model.</param>
    /// <param name="pool">Its caches, disposed with this.</param>
    /// <param name="sizes">For which batch sizes decode steps may be captured; null for none.</param>
    /// <param name="maxLength">Tokens that a sequence has at most.</param>
    public FollowerStep(CausalLM model, KvPool pool, GraphSizes? sizes, int maxLength)
    {
        if (sizes is { Sizes.Count: > 0 }) _graphs = new DecodeGraphs(model.Build.Backend, model, pool, sizes, maxLength);
        (_model, _pool) = (model, pool);
        var backend = model.Build.Backend;
        _staging = new StagingBuffer(backend);
        _rows = new StagingBuffer(backend);
        _batch = new ForwardBatch(backend.Ops, pool.Layers);
    }

    /// <summary>A step of the model, and the logits that are drawn from.</summary>
    public void Run(StagingBuffer staged, BatchLayout layout)
    {
        var ops = _model.Build.Backend.Ops;
        ops.Arena.BeginStep();
        _staging.Copy(staged);
        layout.Fill(_batch, _staging);
        _hidden = _model.Forward(_batch, _model.Embed(_batch));
        if (_batch.LogitRows.Count > 0) _model.ComputeLogits(ops.GatherRows(_hidden, _batch.LogitRows));
    }

    /// <summary>How often a recorded step was replayed.</summary>
    public long Replays => _graphs?.Replays ?? 0;

    /// <summary>Records a decode step of one size.</summary>
    public void Capture(int size, DecodeInputs staged) => _graphs!.Capture(size, staged);

    /// <summary>A decode step that was recorded, and its logits.</summary>
    public void Replay(int size, DecodeInputs staged) => _hidden = _graphs!.Replay(size, staged).Hidden;

    /// <summary>Logits of further rows of the step, in slab <paramref name="slab"/> of several.</summary>
    public void ComputeLogits(int slab, StagingBuffer staged, StagingBuffer.Segment rows)
    {
        var ops = _model.Build.Backend.Ops;
        ops.Arena.BeginLayer(slab);
        _rows.Copy(staged);
        _model.ComputeLogits(ops.GatherRows(_hidden, _rows.View(rows, DType.Int32)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _staging.Dispose();
        _rows.Dispose();
        _graphs?.Dispose();
        _pool.Dispose();
    }
}
