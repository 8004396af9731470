namespace SglNative.Engine.Parallelism;

/// <summary>A rank's own thread. It does one thing at a time, while who gave it that does its own part.</summary>
internal sealed class RankThread : IDisposable
{
    private readonly ManualResetEventSlim _given = new(false);
    private readonly ManualResetEventSlim _done = new(true);
    private volatile Action? _work;
    private volatile Exception? _failure;

    public RankThread(int rank)
    {
        new Thread(Loop) { Name = $"rank {rank}", IsBackground = true }.Start();
    }

    /// <summary>Gives it something to do; what it was given before must have ended.</summary>
    public void Start(Action work)
    {
        if (!_done.IsSet) throw new InvalidOperationException("the rank's thread is at work");
        _failure = null;
        _work = work;
        _done.Reset();
        _given.Set();
    }

    /// <summary>Waits until that has ended; false when it has not within <paramref name="patience"/>.</summary>
    public bool Wait(TimeSpan patience) => _done.Wait(patience);

    /// <summary>What went wrong in it; null for nothing.</summary>
    public Exception? Failure => _failure;

    /// <summary>Ends the thread after what it does now.</summary>
    public void Dispose()
    {
        _work = null;
        _given.Set();
    }

    private void Loop()
    {
        while (true)
        {
            _given.Wait();
            _given.Reset();
            if (_work is not { } work) return;
            try
            {
                work();
            }
#pragma warning disable CA1031 // whoever waits is told
            catch (Exception e)
#pragma warning restore CA1031
            {
                _failure = e;
            }
            _done.Set();
        }
    }
}
