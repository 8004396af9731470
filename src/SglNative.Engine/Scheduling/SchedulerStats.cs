using Microsoft.Extensions.Logging;

namespace SglNative.Engine.Scheduling;

/// <summary>Counts of the scheduler, readable from any thread, and the line it logs now and then.</summary>
/// <param name="log">Where the line goes.</param>
/// <param name="logInterval">Decode steps between two lines (<c>--decode-log-interval</c>).</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class SchedulerStats(ILogger log, int logInterval, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private long _arrived;
    private long _promptTokens;
    private long _generatedTokens;
    private long _steps;
    private long _replayed;
    private int _failures;
    private int _unseen;
    private volatile int _waiting;

    // Since the last line; only the scheduler's thread looks at these.
    private int _decodeSteps;
    private long _decodedTokens;
    private TimeSpan _decodeTime;
    private int _capacity;
    private long _lastStep = (time ?? TimeProvider.System).GetTimestamp();

    /// <summary>Sequences that were submitted.</summary>
    public long Arrived => Interlocked.Read(ref _arrived);

    /// <summary>Prompt tokens computed; those of a sequence that was set back count again.</summary>
    public long PromptTokens => Interlocked.Read(ref _promptTokens);

    /// <summary>Tokens generated.</summary>
    public long GeneratedTokens => Interlocked.Read(ref _generatedTokens);

    /// <summary>Steps that succeeded.</summary>
    public long Steps => Interlocked.Read(ref _steps);

    /// <summary>Those that replayed a captured graph.</summary>
    public long ReplayedSteps => Interlocked.Read(ref _replayed);

    /// <summary>Steps that failed since the last one that did not.</summary>
    public int FailuresInARow => Volatile.Read(ref _failures);

    /// <summary>Sequences that hold cache pages.</summary>
    public int Running { get; private set; }

    /// <summary>Sequences that wait, those included that the scheduler has not looked at yet.</summary>
    public int Waiting => Volatile.Read(ref _unseen) + _waiting;

    /// <summary>Pages of the KV pool in use.</summary>
    public int UsedPages { get; private set; }

    /// <summary>Time since the loop last came round; grows without bound while it is idle or stuck.</summary>
    public TimeSpan SinceLastStep => _time.GetElapsedTime(Interlocked.Read(ref _lastStep));

    internal void OnArrival()
    {
        Interlocked.Increment(ref _arrived);
        Interlocked.Increment(ref _unseen);
    }

    // The queue grows before the arrivals shrink, so that a reader in between counts one twice and none not at all.
    internal void OnSeen(RunningSet set)
    {
        _waiting = set.WaitingCount;
        Interlocked.Decrement(ref _unseen);
    }

    internal void OnPlanned(RunningSet set) => (Running, _waiting) = (set.Running.Count, set.WaitingCount);

    internal void OnFailure() => Interlocked.Increment(ref _failures);

    /// <summary>The loop slept until work arrived: the time is nobody's throughput.</summary>
    internal void OnWake() => Interlocked.Exchange(ref _lastStep, _time.GetTimestamp());

    internal void OnStep(RunningSet set)
    {
        _capacity = set.Pages.Capacity;
        (Running, _waiting, UsedPages) = (set.Running.Count, set.WaitingCount, set.Pages.Capacity - set.Pages.Free);
        Interlocked.Exchange(ref _lastStep, _time.GetTimestamp());
    }

    /// <summary>A step succeeded, and its sequences have been moved on.</summary>
    internal void OnTokens(StepPlan plan, int drawn, bool replayed = false)
    {
        Volatile.Write(ref _failures, 0);
        Interlocked.Increment(ref _steps);
        if (replayed) Interlocked.Increment(ref _replayed);
        Interlocked.Add(ref _generatedTokens, drawn);
        var prompt = 0;
        foreach (var entry in plan.Entries) prompt += Math.Max(0, Math.Min(entry.Sequence.Computed, entry.Sequence.PromptLength) - (entry.Sequence.Computed - entry.Tokens));
        Interlocked.Add(ref _promptTokens, prompt);
        // A step that computes prompts too is no measure of decoding.
        if (prompt == 0) CountDecode(plan, drawn, replayed);
    }

    private void CountDecode(StepPlan plan, int drawn, bool replayed)
    {
        _decodeTime += SinceLastStep;
        _decodedTokens += drawn;
        if (++_decodeSteps < logInterval) return;
        if (log.IsEnabled(LogLevel.Information)) LogDecode(plan, replayed);
        (_decodeSteps, _decodedTokens, _decodeTime) = (0, 0, TimeSpan.Zero);
    }

    private void LogDecode(StepPlan plan, bool replayed) =>
        log.LogInformation("Decode batch. #running-req: {Running}, #token: {Tokens}, token usage: {Usage:F2}, cuda graph: {Graph}, gen throughput (token/s): {Rate:F2}, #queue-req: {Waiting}",
            plan.Entries.Count, plan.Entries.Sum(entry => entry.Sequence.Length), (double)plan.Entries.Sum(entry => entry.Sequence.Pages.Count) / Math.Max(1, _capacity), replayed, _decodedTokens / Math.Max(1e-9, _decodeTime.TotalSeconds), Waiting);
}
