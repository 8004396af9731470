using System.Runtime.InteropServices;

namespace SglNative.Cpu.Threading;

/// <summary>
/// A fixed set of threads that one caller forks onto and joins, thousands of times per second. A job is a count of chunks, a
/// static function and a pointer to its arguments; caller and workers draw chunk numbers from one counter, so a thread that the
/// operating system holds back only costs what it had begun, and the caller alone can finish a job. Between jobs workers spin
/// for a few tens of microseconds, then sleep. Nothing is allocated per job. Which thread runs a chunk is left to chance, so
/// a chunk's result must not depend on it.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const int SpinsBeforeSleep = 2000;
    private const int SpinsBeforeWait = 2000;

    private readonly Worker[] _workers;
    private readonly nint* _scratch;
    private readonly AutoResetEvent _joined = new(false);
    private nuint _scratchBytes;

    // Upper half: number of the job. Lower half: chunks not yet drawn. One compare-and-swap draws a chunk of exactly this job.
    private PaddedLong _ticket;
    private PaddedLong _unfinished;
    private delegate*<void*, int, int, void> _body;
    private void* _arguments;
    private int _chunks;
    private volatile bool _callerWaits;
    private volatile bool _stopping;

    /// <summary>A pool of <paramref name="threadCount"/> threads, the caller's included.</summary>
    public WorkerPool(int threadCount)
    {
        ThreadCount = threadCount;
        _scratch = (nint*)NativeMemory.AllocZeroed((nuint)threadCount, (nuint)sizeof(nint));
        _workers = new Worker[threadCount - 1];
        for (var i = 0; i < _workers.Length; i++) _workers[i] = new Worker(this, i + 1);
    }

    /// <summary>Threads that work on a job, the caller's included.</summary>
    public int ThreadCount { get; }

    /// <summary>Makes every thread's scratch at least this large; the contents are lost. Not while a job runs.</summary>
    public void ReserveScratch(long bytes)
    {
        if ((nuint)bytes <= _scratchBytes) return;
        var size = Math.Max((nuint)bytes, _scratchBytes * 2);
        _scratchBytes = 0;
        for (var i = 0; i < ThreadCount; i++)
        {
            NativeMemory.AlignedFree((void*)_scratch[i]);
            _scratch[i] = 0;
            _scratch[i] = (nint)NativeMemory.AlignedAlloc(size, 4096);
        }
        _scratchBytes = size;
    }

    /// <summary>The scratch memory of thread <paramref name="worker"/>, as passed to a job's body.</summary>
    public byte* Scratch(int worker) => (byte*)_scratch[worker];

    /// <summary>Table of <see cref="Scratch"/> by thread, for argument blocks.</summary>
    public byte** Scratches => (byte**)_scratch;

    /// <summary>Calls body(arguments, chunk, thread) for every chunk from 0 to <paramref name="chunks"/> − 1 and returns when all have.</summary>
    public void Run(int chunks, delegate*<void*, int, int, void> body, void* arguments)
    {
        if (chunks <= 1 || _workers.Length == 0)
        {
            for (var i = 0; i < chunks; i++) body(arguments, i, 0);
            return;
        }
        _body = body;
        _arguments = arguments;
        _chunks = chunks;
        Volatile.Write(ref _unfinished.Value, chunks);
        // A full fence: the job is visible before a worker's state is read, so a worker going to sleep sees one or is seen.
        Interlocked.Exchange(ref _ticket.Value, (((_ticket.Value >> 32) + 1) << 32) | (uint)chunks);
        for (var i = 0; i < _workers.Length && i < chunks - 1; i++) _workers[i].Wake();
        DrawChunks(0);
        Join();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        foreach (var worker in _workers) worker.Dispose();
        _joined.Dispose();
        for (var i = 0; i < ThreadCount; i++) NativeMemory.AlignedFree((void*)_scratch[i]);
        NativeMemory.Free(_scratch);
    }

    private void Join()
    {
        for (var spin = 0; spin < SpinsBeforeWait; spin++)
        {
            if (Volatile.Read(ref _unfinished.Value) == 0) return;
            Thread.SpinWait(4);
        }
        _callerWaits = true;
        Interlocked.MemoryBarrier();
        while (Volatile.Read(ref _unfinished.Value) != 0) _joined.WaitOne();
        _callerWaits = false;
    }

    private bool DrawChunks(int thread)
    {
        var drawn = false;
        while (true)
        {
            var ticket = Volatile.Read(ref _ticket.Value);
            var left = (int)ticket;
            if (left == 0) return drawn;
            if (Interlocked.CompareExchange(ref _ticket.Value, ticket - 1, ticket) != ticket) continue;
            // The job cannot end, hence its fields cannot change, before this chunk is counted as finished.
            _body(_arguments, _chunks - left, thread);
            drawn = true;
            if (Interlocked.Decrement(ref _unfinished.Value) == 0 && thread != 0 && _callerWaits) _joined.Set();
        }
    }

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct PaddedLong
    {
        [FieldOffset(64)]
        public long Value;
    }

    private sealed class Worker : IDisposable
    {
        private readonly WorkerPool _pool;
        private readonly Thread _thread;
        private readonly AutoResetEvent _wake = new(false);
        private readonly int _index;
        private int _asleep;

        public Worker(WorkerPool pool, int index)
        {
            _pool = pool;
            _index = index;
            _thread = new Thread(Loop) { IsBackground = true, Name = $"sgl-native cpu {index}" };
            _thread.Start();
        }

        public void Wake()
        {
            if (Volatile.Read(ref _asleep) != 0 && Interlocked.Exchange(ref _asleep, 0) != 0) _wake.Set();
        }

        public void Dispose()
        {
            _wake.Set();
            _thread.Join();
            _wake.Dispose();
        }

        private void Loop()
        {
            var idle = 0;
            while (!_pool._stopping)
            {
                if (_pool.DrawChunks(_index)) idle = 0;
                if (++idle < SpinsBeforeSleep)
                {
                    Thread.SpinWait(4);
                    continue;
                }
                Interlocked.Exchange(ref _asleep, 1);
                if ((int)Volatile.Read(ref _pool._ticket.Value) == 0 && !_pool._stopping) _wake.WaitOne();
                Volatile.Write(ref _asleep, 0);
                idle = 0;
            }
        }
    }
}
