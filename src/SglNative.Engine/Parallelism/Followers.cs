using SglNative.Core;
using SglNative.Engine.Execution;
using SglNative.Engine.Execution.Graphs;

namespace SglNative.Engine.Parallelism;

/// <summary>
/// The ranks beside the first one, as a <see cref="StepRunner"/> drives them: they start when it does, from what it has staged, and it waits
/// for them before it stages anew. No failure leaves anyone waiting: whoever fails first tells why, and where the others cannot come back by
/// themselves, the group ends.
/// </summary>
internal sealed class Followers : IDisposable
{
    // What a rank that works needs to come back after another one has failed; one that waits never comes.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly RankGroup _group;
    private readonly FollowerStep[] _steps;
    private readonly Action[] _run, _computeLogits, _capture, _replay;
    private readonly ManualResetEventSlim _leaderIsBack = new(false);
    private readonly Timer _watch;
    private (int Rank, Exception Cause)? _first;
    private StagingBuffer? _staged;
    private BatchLayout _layout;
    private StagingBuffer.Segment _rows;
    private DecodeInputs? _inputs;
    private DecodeGraphs? _leader;
    private int _slab, _size;

    /// <param name="group">The ranks.</param>
    /// <param name="create">Makes the steps of a rank; called on its thread.</param>
    public Followers(RankGroup group, Func<int, FollowerStep> create)
    {
        _group = group;
        _steps = new FollowerStep[group.Count - 1];
        group.Follow(rank => _steps[rank - 1] = create(rank));
        _run = [.. Each(step => step.Run(_staged!, _layout))];
        _computeLogits = [.. Each(step => step.ComputeLogits(_slab, _staged!, _rows))];
        _capture = [.. Each(step => step.Capture(_size, _inputs!))];
        _replay = [.. Each(step => step.Replay(_size, _inputs!))];
        _watch = new Timer(_ => _group.End($"a step has not ended within {group.Patience.TotalSeconds:0} s (--dist-timeout)"));
    }

    /// <summary>Starts a step on what is staged, which must stay as it is until <see cref="Join"/>.</summary>
    /// <exception cref="SglException">The group has ended before.</exception>
    public void Run(StagingBuffer staged, BatchLayout layout)
    {
        (_staged, _layout) = (staged, layout);
        Start(_run);
    }

    /// <summary>Starts the logits of further rows of the step.</summary>
    /// <exception cref="SglException">The group has ended before.</exception>
    public void ComputeLogits(int slab, StagingBuffer staged, StagingBuffer.Segment rows)
    {
        (_slab, _staged, _rows) = (slab, staged, rows);
        Start(_computeLogits);
    }

    /// <summary>Starts the recording of a decode step.</summary>
    /// <exception cref="SglException">The group has ended before.</exception>
    public void Capture(int size, DecodeInputs inputs)
    {
        (_size, _inputs) = (size, inputs);
        Start(_capture);
    }

    /// <summary>Starts a decode step that was recorded, of which <paramref name="leader"/> has staged the inputs.</summary>
    /// <exception cref="SglException">The group has ended before.</exception>
    public void Replay(int size, DecodeGraphs leader)
    {
        (_size, _inputs, _leader) = (size, leader.Inputs, leader);
        Start(_replay);
    }

    /// <summary>Waits until the others have done what was started; the first rank has done its part.</summary>
    /// <exception cref="SglException">One of them failed.</exception>
    public void Join()
    {
        _leaderIsBack.Set();
        for (var i = 0; i < _steps.Length; i++)
            while (!_group.Thread(i + 1).Wait(Grace)) _group.ThrowIfEnded();
        _watch.Change(Timeout.Infinite, Timeout.Infinite);
        _group.ThrowIfEnded();
        if (_first is { } first) throw Named(first.Rank, first.Cause);
    }

    /// <summary>
    /// What is to be thrown when the first rank's part of a step has failed, or a <see cref="Join"/>: <paramref name="failure"/>, or what it
    /// followed from. Returns once no rank waits for another.
    /// </summary>
    public Exception Recover(Exception failure)
    {
        var first = Note(0, failure);
        _leaderIsBack.Set();
        var back = true;
        for (var i = 0; i < _steps.Length; i++) back &= _group.Thread(i + 1).Wait(Grace);
        if (!back || !InStep) _group.End(Named(first.Rank, first.Cause).Message);
        for (var i = 0; i < _steps.Length; i++) _group.Thread(i + 1).Wait(Grace);
        _watch.Change(Timeout.Infinite, Timeout.Infinite);
        _first = null;
        return _group.Failure is { } ended ? new SglException(ended, first.Cause) : first.Rank == 0 ? failure : Named(first.Rank, first.Cause);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch.Dispose();
        _group.Release(rank => _steps[rank - 1].Dispose());
    }

    // Nobody waits for another, or would at the next step.
    private bool InStep => _group.InStep && (_leader is null || Array.TrueForAll(_steps, step => step.Replays == _leader.Replays));

    private static SglException Named(int rank, Exception cause) => new($"rank {rank}: {cause.Message.ReplaceLineEndings(" ")}", cause);

    private IEnumerable<Action> Each(Action<FollowerStep> work)
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            var (rank, step) = (i + 1, _steps[i]);
            yield return () =>
            {
                try
                {
                    work(step);
                }
                catch (Exception e)
                {
                    var first = Note(rank, e);
                    // The first rank may be waiting for this one.
                    if (!_leaderIsBack.Wait(Grace)) _group.End(Named(first.Rank, first.Cause).Message);
                    throw;
                }
            };
        }
    }

    private void Start(Action[] work)
    {
        _group.ThrowIfEnded();
        _first = null;
        _leaderIsBack.Reset();
        _watch.Change(_group.Patience, Timeout.InfiniteTimeSpan);
        for (var i = 0; i < work.Length; i++) _group.Thread(i + 1).Start(work[i]);
    }

    // Keeps what went wrong first: the rest follows from it.
    private (int Rank, Exception Cause) Note(int rank, Exception cause)
    {
        lock (_run) return _first ??= (rank, cause);
    }
}
