using System.Diagnostics;
using System.Runtime.ExceptionServices;
using SglNative.Core;

namespace SglNative.Engine.Parallelism;

/// <summary>A thread for each of several ranks; none for a single one, which is the caller's.</summary>
internal sealed class RankThreads : IDisposable
{
    // A rank that failed may leave others waiting for it, where nobody can reach them.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5), Glance = TimeSpan.FromMilliseconds(200);

    private readonly RankThread[] _threads;

    public RankThreads(int count)
    {
        Count = count;
        _threads = count == 1 ? [] : [.. Enumerable.Range(0, count).Select(rank => new RankThread(rank))];
    }

    /// <summary>Number of ranks.</summary>
    public int Count { get; }

    /// <summary>The thread of a rank, where there are several.</summary>
    public RankThread this[int rank] => _threads[rank];

    /// <summary>False when a rank has not come back from what it was given, although it was waited for a while.</summary>
    public bool AreIdle => Array.TrueForAll(_threads, thread => thread.Wait(Grace));

    /// <summary>Does the same for every rank at once, and waits.</summary>
    /// <param name="work">Given the rank.</param>
    /// <param name="patience">How long the slowest may take; null for as long as it does.</param>
    /// <exception cref="SglException">A rank failed so, or did not come in time.</exception>
    public void Run(Action<int> work, TimeSpan? patience = null)
    {
        if (Count == 1)
        {
            work(0);
            return;
        }
        for (var rank = 0; rank < Count; rank++)
        {
            var mine = rank;
            _threads[rank].Start(() => work(mine));
        }
        var (started, failed) = (Stopwatch.GetTimestamp(), 0L);
        while (Array.FindIndex(_threads, thread => !thread.Wait(TimeSpan.Zero)) is >= 0 and var late)
        {
            if (failed == 0 && FirstFailure is not null) failed = Stopwatch.GetTimestamp();
            if (failed != 0 && Stopwatch.GetElapsedTime(failed) > Grace) break;
            if (Stopwatch.GetElapsedTime(started) > patience)
                throw new SglException($"rank {late} of {Count} did not come within {patience.Value.TotalSeconds:0} s (--dist-timeout) while the others waited for it");
            _threads[late].Wait(Glance);
        }
        if (FirstFailure is not { } first) return;
        if (first.Rank > 0 && first.Failure is SglException e) throw new SglException($"rank {first.Rank} of {Count}: {e.Message}", e);
        ExceptionDispatchInfo.Throw(first.Failure);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var thread in _threads) thread.Dispose();
    }

    private (int Rank, Exception Failure)? FirstFailure
    {
        get
        {
            for (var rank = 0; rank < Count; rank++)
                if (_threads[rank].Failure is { } failure) return (rank, failure);
            return null;
        }
    }
}
