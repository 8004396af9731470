using System.Globalization;
using System.Runtime.InteropServices;
using SglNative.Core;
using SglNative.Core.Tensors;

namespace SglNative.Cpu.Memory;

/// <summary>
/// Memory of the backend's tensors: 64-byte aligned, and counted, because Linux promises more than it has and kills the process
/// that takes it at its word. What does not fit is refused before it is asked for.
/// </summary>
internal sealed unsafe class HostAllocator(bool hugePages) : IDisposable
{
    private const int Alignment = 64;
    private const int HugePage = 2 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<nint, long> _blocks = [];
    private readonly long _residentAtStart = HostMemory.Resident();
    private long _allocated;

    /// <summary>Bytes in all, and what further allocations may take: what is available, less what was allocated but never touched yet.</summary>
    public (long Total, long Free) Memory
    {
        get
        {
            var (total, available) = HostMemory.Read();
            var touched = Math.Max(0, HostMemory.Resident() - _residentAtStart);
            return (total, Math.Clamp(available - Math.Max(0, Interlocked.Read(ref _allocated) - touched), 0, total));
        }
    }

    public nint Allocate(long bytes, Shape shape, DType dtype)
    {
        if (bytes < 0) throw new ArgumentOutOfRangeException(nameof(shape), $"cannot allocate {dtype.TorchName()}{shape}");
        // Small tensors are not worth reading the system's counters; together they are noise.
        if (bytes > 1 << 20 && Memory is var (total, free) && bytes > free)
            throw OutOfMemory(bytes, total, free, shape, dtype);
        var size = Math.Max(Alignment, (bytes + Alignment - 1) / Alignment * Alignment);
        void* data;
        try
        {
            data = NativeMemory.AlignedAlloc((nuint)size, (nuint)(hugePages && size >= HugePage ? HugePage : Alignment));
        }
        catch (OutOfMemoryException)
        {
            throw OutOfMemory(bytes, Memory.Total, Memory.Free, shape, dtype);
        }
        if (hugePages && size >= HugePage) HostMemory.AdviseHugePages(data, size);
        lock (_lock) _blocks.Add((nint)data, size);
        Interlocked.Add(ref _allocated, size);
        return (nint)data;
    }

    public void Free(nint data)
    {
        long size;
        lock (_lock)
        {
            if (!_blocks.Remove(data, out size)) throw new ArgumentException("the tensor was not allocated here, was freed before, or is a view", nameof(data));
        }
        Interlocked.Add(ref _allocated, -size);
        NativeMemory.AlignedFree((void*)data);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var data in _blocks.Keys) NativeMemory.AlignedFree((void*)data);
            _blocks.Clear();
            _allocated = 0;
        }
    }

    private static SglException OutOfMemory(long bytes, long total, long free, Shape shape, DType dtype) => new(string.Create(CultureInfo.InvariantCulture,
        $"out of memory on the CPU: {dtype.TorchName()}{shape} needs {Gib(bytes)} GiB, {Gib(free)} of {Gib(total)} GiB are free; use a smaller model, --dtype bfloat16, a smaller --context-length or --mem-fraction-static"));

    private static string Gib(long bytes) => (bytes / (double)(1L << 30)).ToString("F2", CultureInfo.InvariantCulture);
}
