using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace SglNative.Engine.Scheduling;

/// <summary>Counts of the scheduler, readable from any thread, and the line it logs now and then.</summary>
/// <param name="log">Where the line goes.</param>
/// <param name="logInterval">Decode steps between two lines (<c>--decode-log-interval</c>).</param>
public sealed class SchedulerStats(ILogger log, int logInterval)
{
    private long _arrived;
    private long _promptTokens;
    private long _generatedTokens;
    private long _lastGenerated;
    private long _lastLog = Stopwatch.GetTimestamp();
    private long _lastStep = Stopwatch.GetTimestamp();
    private int _steps;
    private int _unseen;
    private volatile int _waiting;

    /// <summary>Sequences that were submitted.</summary>
    public long Arrived => Interlocked.Read(ref _arrived);

    /// <summary>Prompt tokens computed.</summary>
    public long PromptTokens => Interlocked.Read(ref _promptTokens);

    /// <summary>Tokens generated.</summary>
    public long GeneratedTokens => Interlocked.Read(ref _generatedTokens);

    /// <summary>Sequences that hold cache pages.</summary>
    public int Running { get; private set; }

    /// <summary>Sequences that wait, those included that the scheduler has not looked at yet.</summary>
    public int Waiting => Volatile.Read(ref _unseen) + _waiting;

    /// <summary>Pages of the KV pool in use.</summary>
    public int UsedPages { get; private set; }

    /// <summary>Time since the loop last came round; grows without bound while it is idle or stuck.</summary>
    public TimeSpan SinceLastStep => Stopwatch.GetElapsedTime(Interlocked.Read(ref _lastStep));

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

    internal void OnStep(RunningSet set)
    {
        (Running, _waiting, UsedPages) = (set.Running.Count, set.WaitingCount, set.Pages.Capacity - set.Pages.Free);
        Interlocked.Exchange(ref _lastStep, Stopwatch.GetTimestamp());
    }

    internal void OnTokens(StepPlan plan, int drawn)
    {
        Interlocked.Add(ref _generatedTokens, drawn);
        Interlocked.Add(ref _promptTokens, plan.TokenCount - drawn);
        if (++_steps % logInterval != 0 || !log.IsEnabled(LogLevel.Information)) return;
        var rate = (GeneratedTokens - _lastGenerated) / Stopwatch.GetElapsedTime(_lastLog).TotalSeconds;
        log.LogInformation("Decode batch. #running-req: {Running}, #pages: {Pages}, gen throughput (token/s): {Rate:F2}, #queue-req: {Waiting}", Running, UsedPages, rate, Waiting);
        (_lastGenerated, _lastLog) = (GeneratedTokens, Stopwatch.GetTimestamp());
    }
}
