using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SglNative.Engine.Caching;
using SglNative.Engine.Execution;
using SglNative.Engine.Generation;
using SglNative.Engine.Loading;
using SglNative.Interop;

namespace SglNative.Engine.Scheduling;

/// <summary>
/// The loop that owns the device: take what arrived, plan a step, run it, hand out its tokens. Runs on a thread of its own, which
/// sleeps while there is nothing to do.
/// </summary>
internal sealed class Scheduler : IDisposable
{
    private readonly StepRunner _runner;
    private readonly RunningSet _set;
    private readonly DecodePlanner _decode;
    private readonly PrefillPlanner _prefill;
    private readonly StepIsolation _isolation;
    private readonly StepFailureLog _failures;
    private readonly StepPlan _plan = new();
    private readonly Channel<Sequence> _arrivals = Channel.CreateUnbounded<Sequence>(new() { SingleReader = true });
    private readonly Thread _thread;
    private readonly SchedulerStats _stats;
    private readonly Action<Sequence> _onAborted;
    private volatile bool _stopping;
    private volatile string? _deviceFailure;

    public Scheduler(StepRunner runner, KvPool pool, SchedulingLimits limits, SchedulerStats stats, ModelInfo model, ILogger log)
    {
        (_runner, _stats) = (runner, stats);
        _set = new RunningSet(pool.Pages, pool.States);
        _decode = new DecodePlanner(_set, log);
        _prefill = new PrefillPlanner(_set, limits);
        _isolation = new StepIsolation(limits.MaxStepTokens, model.MaxStates > 0);
        _failures = new StepFailureLog(model, log);
        _onAborted = sequence =>
        {
            _isolation.Remove(sequence);
            sequence.Complete(Ended(new FinishReason.Abort("the request was aborted", IsError: false), sequence));
        };
        _thread = new Thread(Loop) { Name = "scheduler", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Why the device computes nothing any more; null while it does. A request that comes later is not taken.</summary>
    public string? DeviceFailure => _deviceFailure;

    /// <summary>Hands a sequence over; its tokens arrive through <see cref="Sequence.Outputs"/>.</summary>
    public void Submit(Sequence sequence)
    {
        _stats.OnArrival();
        if (!_arrivals.Writer.TryWrite(sequence)) sequence.Complete(Ended(new FinishReason.Abort("the engine is shutting down", IsError: true), sequence));
    }

    /// <summary>Ends the loop after the current step; what still runs is aborted.</summary>
    public void Dispose()
    {
        _stopping = true;
        _arrivals.Writer.TryComplete();
        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    private void Loop()
    {
        while (!_stopping)
        {
            try
            {
                if (!TakeArrivals()) break;
                _set.RemoveAborted(_onAborted);
                _plan.Clear();
                if (_isolation.IsActive) _isolation.Plan(_plan);
                else
                {
                    _decode.Plan(_plan);
                    _prefill.Plan(_plan);
                }
                _stats.OnPlanned(_set);
                if (_plan.TokenCount > 0) Step();
                if (!_isolation.IsActive) _failures.Close();
                _stats.OnStep(_set);
            }
#pragma warning disable CA1031 // the loop outlives any defect: requests fail, the server stays up
            catch (Exception e)
#pragma warning restore CA1031
            {
                _stats.OnFailure();
                EndAll(Failed(_failures.OnScheduler(e), e));
            }
        }
        foreach (var sequence in _set.Running.ToArray()) End(sequence, new FinishReason.Abort("the engine is shutting down", IsError: true));
        while (_set.NextWaiting is { } waiting) End(waiting, new FinishReason.Abort("the engine is shutting down", IsError: true));
        while (_arrivals.Reader.TryRead(out var late)) late.Complete(Ended(new FinishReason.Abort("the engine is shutting down", IsError: true), late));
    }

    // Waits only when there is nothing to compute; false when the engine is shutting down.
    private bool TakeArrivals()
    {
        if (_set.IsEmpty && !_arrivals.Reader.TryPeek(out _))
        {
            if (!_arrivals.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult()) return false;
            _stats.OnWake();
        }
        while (_arrivals.Reader.TryRead(out var sequence))
        {
            _set.Enqueue(sequence);
            _stats.OnSeen(_set);
        }
        return true;
    }

    private void Step()
    {
        StepResult result;
        try
        {
            result = _runner.Run(_plan);
        }
#pragma warning disable CA1031 // a step that fails ends the requests it fails for and no others
        catch (Exception e)
#pragma warning restore CA1031
        {
            OnFailed(e);
            return;
        }
        foreach (var entry in _plan.Entries)
        {
            entry.Sequence.Computed = entry.End;
            entry.Sequence.KeepPromptLogProbs(result.Prompt(entry.Sequence));
        }
        foreach (var draw in result.Draws) Deliver(draw);
        _stats.OnTokens(_plan, result.Draws.Count, result.Replayed);
        _isolation.Advance();
    }

    // Nothing of a failed step is kept: its sequences are where they were, and those for whom it did not fail go on from there.
    private void OnFailed(Exception e)
    {
        // What happens in the parts of a failed step is one failure: it says nothing more of the device's health.
        if (!_isolation.IsActive)
        {
            _stats.OnFailure();
            _failures.OnStep(e, _plan);
        }
        if ((FatalError(e) ?? _runner.Drain()) is { } lost)
        {
            LoseDevice(lost);
            return;
        }
        if (_plan.Entries.Count > 1)
        {
            _isolation.Split(_plan);
            return;
        }
        var sequence = _plan.Entries[0].Sequence;
        _isolation.Remove(sequence);
        End(sequence, Failed(_failures.OnRequest(e, sequence), e));
    }

    private static DeviceException? FatalError(Exception? e)
    {
        while (e is not null and not DeviceException { IsFatal: true }) e = e.InnerException;
        return e as DeviceException;
    }

    // Every later call would fail alike: computing anything again would only fail again.
    private void LoseDevice(DeviceException e)
    {
        var id = _failures.OnDevice(e);
        _deviceFailure = $"the device failed and computes nothing any more: the server must be started anew (error id {id})";
        EndAll(Failed(id, e));
    }

    private void Deliver(StepResult.Draw draw)
    {
        var sequence = draw.Sequence;
        if (sequence.Options.MaxNewTokens == 0)
        {
            // Only the prompt was to be computed, for its log probabilities.
            _set.Remove(sequence);
            sequence.Complete(new SequenceEvent(-1, null, sequence.TakePromptLogProbs(), new FinishReason.Length(0), sequence.Retractions));
            return;
        }
        sequence.Append(draw.Token);
        FinishReason? finish = sequence.Options.StopTokens.Contains(draw.Token) ? new FinishReason.Stop(draw.Token, null)
            : sequence.Generated >= sequence.Options.MaxNewTokens ? new FinishReason.Length(sequence.Generated)
            : null;
        var prompt = sequence.TakePromptLogProbs();
        var e = new SequenceEvent(draw.Token, draw.LogProbs, prompt, finish, sequence.Retractions);
        if (finish is null)
        {
            sequence.Emit(e);
            return;
        }
        _set.Remove(sequence);
        sequence.Complete(e);
    }

    private void End(Sequence sequence, FinishReason reason)
    {
        _set.Remove(sequence);
        sequence.Complete(Ended(reason, sequence));
    }

    // Whatever went wrong may have left the accounting in any state: it starts anew.
    private void EndAll(FinishReason reason)
    {
        _isolation.Clear();
        foreach (var sequence in _set.Clear()) sequence.Complete(Ended(reason, sequence));
        _stats.OnStep(_set);
    }

    private static FinishReason.Abort Failed(string id, Exception cause) => new($"internal error {id}", IsError: true) { Cause = cause };

    private static SequenceEvent Ended(FinishReason reason, Sequence sequence) => new(-1, null, null, reason, sequence.Retractions);
}
