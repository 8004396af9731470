using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using SglNative.Core.Progress;
using SglNative.Core.Tensors;
using SglNative.Engine.Caching;
using SglNative.Engine.Execution.Graphs;
using SglNative.Engine.Generation;
using SglNative.Engine.Parallelism;
using SglNative.Engine.Sampling;
using SglNative.Engine.Scheduling;
using SglNative.Interop;
using SglNative.Models;
using SglNative.Models.Backends;
using SglNative.Models.Batches;

namespace SglNative.Engine.Execution;

/// <summary>
/// Runs one step of the model: stage, forward, logits, draw, and what comes back to the host. Steps that decode only replay a graph where
/// there is one.
/// </summary>
internal sealed class StepRunner : IDisposable
{
    // Logits of prompt positions are float32 [rows, vocabulary]; so many rows at a time keep them small beside the weights.
    private const int PromptRowsAtOnce = 128;

    private readonly Backend _backend;
    private readonly CausalLM _model;
    private readonly StagingBuffer _staging;
    private readonly StagingBuffer _promptStaging;
    private readonly BatchBuilder _batches;
    private readonly SamplingBatch _sampling;
    private readonly StepResult _result = new();
    private readonly Action _stageSampling;
    private readonly LogitsTap? _tap;
    private readonly Followers? _followers;
    private readonly DecodeGraphs? _graphs;
    private bool _captureOnDemand;
    private readonly List<PromptRow> _promptRows = [];
    private int[] _tokens = new int[16];

    /// <param name="backend">The device.</param>
    /// <param name="model">The model on it.</param>
    /// <param name="pool">Its caches.</param>
    /// <param name="sizes">For which batch sizes decode steps are captured; null for none.</param>
    /// <param name="maxLength">Tokens that a sequence has at most.</param>
    /// <param name="reader">Sees raw logits; null in serving.</param>
    /// <param name="followers">The ranks beside this one, disposed with the runner; null for none.</param>
    public StepRunner(
        Backend backend, CausalLM model, KvPool pool, GraphSizes? sizes = null, int maxLength = 0, ILogitsReader? reader = null, Followers? followers = null)
    {
        _followers = followers;
        (_backend, _model) = (backend, model);
        _staging = new StagingBuffer(backend);
        _promptStaging = new StagingBuffer(backend);
        _batches = new BatchBuilder(model.Build, pool, _staging);
        _sampling = new SamplingBatch(_staging);
        _stageSampling = _sampling.Stage;
        if (reader is not null) _tap = new LogitsTap(backend, model, reader, followers);
        if (sizes is { Sizes.Count: > 0 }) _graphs = new DecodeGraphs(backend, model, pool, sizes, maxLength, followers);
    }

    /// <summary>Records decode steps of every size, so that no request waits for it.</summary>
    /// <exception cref="Core.SglException">The model cannot be captured, or there is no memory for it.</exception>
    public void Capture(IByteProgress? progress = null) => Together(static (runner, progress) => runner._graphs?.CaptureAll(progress), progress);

    /// <summary>Records decode steps of one size; nothing for 0.</summary>
    /// <exception cref="Core.SglException">The model cannot be captured, or there is no memory for it.</exception>
    public void Capture(int size)
    {
        if (size > 0) Together(static (runner, size) => runner._graphs?.Capture(size), size);
    }

    /// <summary>From now on a size is recorded when a step first needs it.</summary>
    public void CaptureOnDemand() => _captureOnDemand = true;

    /// <summary>Runs the plan; the result is valid until the next call. Sequences are not changed.</summary>
    public StepResult Run(StepPlan plan)
    {
        Together(static (runner, plan) => runner.RunStep(plan), plan);
        return _result;
    }

    /// <summary>
    /// Waits for what a failed step left on the device. An error that only shows here, and that leaves the device unusable, is returned.
    /// </summary>
    public DeviceException? Drain()
    {
        try
        {
            _backend.Synchronize();
            return null;
        }
        catch (DeviceException e)
        {
            return e.IsFatal ? e : null;
        }
    }

    public void Dispose()
    {
        _staging.Dispose();
        _promptStaging.Dispose();
        _tap?.Dispose();
        _graphs?.Dispose();
        _followers?.Dispose();
    }

    // No rank is left waiting when one of them fails. Given apart from what it works on, so that a step allocates nothing.
    private void Together<T>(Action<StepRunner, T> work, T argument)
    {
        try
        {
            work(this, argument);
        }
        catch (Exception e) when (_followers is not null)
        {
            ExceptionDispatchInfo.Throw(_followers.Recover(e));
            throw;
        }
    }

    private void RunStep(StepPlan plan)
    {
        _result.Clear();
        _sampling.Fill(plan);
        if (_graphs?.Stage(plan, _captureOnDemand, out var batch) is { } graph) Replay(plan, graph, batch!);
        else Compute(plan);
    }

    private void Compute(StepPlan plan)
    {
        _backend.Ops.Arena.BeginStep();
        var batch = _batches.Build(plan, _stageSampling);
        var observer = _model.Build.Observer;
        observer?.BeginStep(batch);
        _followers?.Run(_staging, _batches.Layout);
        var hidden = _model.Forward(batch, _model.Embed(batch));
        // Where every token draws, the rows are in place.
        if (_sampling.Sequences.Count > 0) Draw(_model.ComputeLogits(batch.TokenCount == _sampling.Sequences.Count ? hidden : _backend.Ops.GatherRows(hidden, batch.LogitRows)));
        _followers?.Join();
        PromptLogProbs(plan, hidden);
        _tap?.ReadOthers(plan, hidden);
        observer?.EndStep();
    }

    private void Replay(StepPlan plan, DecodeGraph graph, ForwardBatch batch)
    {
        var observer = _model.Build.Observer;
        observer?.BeginStep(batch);
        _followers?.Replay(graph.Size, _graphs!);
        _graphs!.Replay(graph);
        _result.Replayed = true;
        // What the draw needs follows while the device is at work.
        _staging.Clear();
        _sampling.Stage();
        if (_sampling.NeedsInputs) _staging.Flush();
        Draw(graph.Logits.Slice(0, 0, plan.Entries.Count));
        _followers?.Join();
        PromptLogProbs(plan, graph.Hidden);
        observer?.EndStep();
    }

    private void Draw(in Tensor logits)
    {
        var ops = _backend.Ops;
        var sequences = _sampling.Sequences;
        _tap?.ReadDrawn(sequences, logits);
        // Log probabilities are the model's own: they are read from a copy where penalties change the logits.
        var raw = _sampling.NeedsLogProbs && _sampling.HasEdits ? ops.Cast(logits, DType.Float32) : logits;
        if (_sampling.HasEdits) ops.EditLogits(logits, _sampling.Edits);
        var drawn = ops.Sample(logits, _sampling.Inputs);
        LogProbReader? logProbs = _sampling.NeedsLogProbs ? LogProbReader.Read(_backend, raw, drawn, _sampling.TopLogProbs) : null;

        if (_tokens.Length < sequences.Count) _tokens = new int[sequences.Count];
        _backend.Download(drawn, MemoryMarshal.AsBytes(_tokens.AsSpan(0, sequences.Count)));
        for (var i = 0; i < sequences.Count; i++)
        {
            var wanted = logProbs is not null && sequences[i].Options.ReturnLogProbs;
            _result.Add(new StepResult.Draw(sequences[i], _tokens[i],
                wanted ? logProbs!.Position(i, _tokens[i], sequences[i].Options.TopLogProbs) : null));
        }
    }

    private void PromptLogProbs(StepPlan plan, in Tensor hidden)
    {
        var rows = _promptRows;
        rows.Clear();
        var first = 0;
        foreach (var entry in plan.Entries)
        {
            CollectPromptRows(entry, first, rows);
            first += entry.Tokens;
        }
        if (rows.Count == 0) return;
        for (var start = 0; start < rows.Count; start += PromptRowsAtOnce)
        {
            // Two regions of the arena take turns, so the slabs of a long prompt need the memory of two.
            _backend.Ops.Arena.BeginLayer(start / PromptRowsAtOnce);
            ReadPromptRows(start / PromptRowsAtOnce, CollectionsMarshal.AsSpan(rows).Slice(start, Math.Min(PromptRowsAtOnce, rows.Count - start)), hidden);
        }
        _backend.Ops.Arena.EndLayers();
    }

    private void CollectPromptRows(StepPlan.Entry entry, int first, List<PromptRow> rows)
    {
        var sequence = entry.Sequence;
        var next = sequence.NextPromptLogProb;
        if (sequence.Options.PromptLogProbStart < 0 || next >= sequence.PromptLength) return;
        if (next == 0 && sequence.Computed == 0)
        {
            _result.AddPrompt(sequence, new PositionLogProbs(new TokenLogProb(sequence.Tokens[0], null), []));
            next = 1;
        }
        // The row of position p holds the probabilities of the token at p + 1.
        for (var p = Math.Max(sequence.Computed, next - 1); p < entry.End && p + 1 < sequence.PromptLength; p++)
            rows.Add(new PromptRow(sequence, first + p - sequence.Computed, sequence.Tokens[p + 1]));
    }

    private void ReadPromptRows(int slab, ReadOnlySpan<PromptRow> rows, in Tensor hidden)
    {
        _promptStaging.Clear();
        var indices = _promptStaging.Reserve<int>(rows.Length, out var rowSegment);
        for (var i = 0; i < rows.Length; i++) indices[i] = rows[i].Row;
        var targets = _promptStaging.Reserve<int>(rows.Length, out var targetSegment);
        var top = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            targets[i] = rows[i].Target;
            top = Math.Max(top, rows[i].Sequence.Options.TopLogProbs);
        }
        _promptStaging.Flush();
        _followers?.ComputeLogits(slab, _promptStaging, rowSegment);
        var logits = _model.ComputeLogits(_backend.Ops.GatherRows(hidden, _promptStaging.View(rowSegment, DType.Int32)));
        var reader = LogProbReader.Read(_backend, logits, _promptStaging.View(targetSegment, DType.Int32), top);
        _followers?.Join();
        for (var i = 0; i < rows.Length; i++)
            _result.AddPrompt(rows[i].Sequence, reader.Position(i, rows[i].Target, rows[i].Sequence.Options.TopLogProbs));
    }

    private readonly record struct PromptRow(Sequence Sequence, int Row, int Target);
}
