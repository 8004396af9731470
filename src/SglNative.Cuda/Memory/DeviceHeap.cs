using System.Numerics;
using SglNative.Core;
using SglNative.Interop;

namespace SglNative.Cuda.Memory;

/// <summary>
/// Device memory by the piece. Large pieces come from the driver one by one; small ones, of which a model has thousands and for each
/// of which the driver would take two megabytes, share slabs by size class.
/// </summary>
internal sealed class DeviceHeap(IComputeDevice device) : IDisposable
{
    private const long LargestSmall = 512 << 10, SlabSize = 8 << 20;
    private const int SmallestClass = 8, Classes = 12;   // 2^8 … 2^19 bytes

    // Where small allocations are cheap each is its own, with guard zones around it on a device that has them.
    private readonly long _largestSmall = device.Capabilities.SmallestAllocation > LargestSmall ? LargestSmall : 0;
    private readonly Dictionary<nint, long> _sizes = [];
    private readonly Stack<nint>[] _free = [.. Enumerable.Range(0, Classes).Select(_ => new Stack<nint>())];
    private readonly List<nint> _slabs = [];
    private nint _slab;
    private long _slabUsed = SlabSize;

    /// <summary>Bytes taken from the driver.</summary>
    public long Held { get; private set; }

    /// <summary>At least <paramref name="bytes"/> bytes, aligned to 256.</summary>
    /// <exception cref="SglException">There is not that much memory left.</exception>
    public nint Allocate(long bytes)
    {
        bytes = Math.Max(bytes, 1);
        var address = bytes <= _largestSmall ? AllocateSmall(bytes) : AllocateFromDevice(bytes);
        _sizes.Add(address, bytes);
        return address;
    }

    /// <summary>Gives back what <see cref="Allocate"/> returned.</summary>
    public void Free(nint address)
    {
        if (!_sizes.Remove(address, out var bytes))
            throw new ArgumentException($"0x{address:x} was not allocated here, or is free already; a view cannot be freed", nameof(address));
        if (bytes <= _largestSmall)
        {
            _free[ClassOf(bytes)].Push(address);
            return;
        }
        device.Free(address);
        Held -= bytes;
    }

    public void Dispose()
    {
        foreach (var (address, bytes) in _sizes)
            if (bytes > _largestSmall) device.Free(address);
        foreach (var slab in _slabs) device.Free(slab);
        _sizes.Clear();
        _slabs.Clear();
        Held = 0;
    }

    private nint AllocateSmall(long bytes)
    {
        var sizeClass = ClassOf(bytes);
        if (_free[sizeClass].TryPop(out var address)) return address;
        var size = 1L << (sizeClass + SmallestClass);
        if (_slabUsed + size > SlabSize)
        {
            _slab = AllocateFromDevice(SlabSize);
            _slabs.Add(_slab);
            _slabUsed = 0;
        }
        address = _slab + (nint)_slabUsed;
        _slabUsed += size;
        return address;
    }

    private nint AllocateFromDevice(long bytes)
    {
        try
        {
            var address = device.Allocate(bytes);
            Held += bytes;
            return address;
        }
        catch (DeviceOutOfMemoryException e)
        {
            throw new SglException(
                $"out of memory on {device.Capabilities.Name}: {bytes:N0} bytes were asked for, {e.Memory.Free:N0} of {e.Memory.Total:N0} are free "
                + $"and {Held:N0} are held by this process's tensors; a smaller --mem-fraction-static, --context-length or model needs less", e);
        }
    }

    private static int ClassOf(long bytes) => Math.Max(0, BitOperations.Log2((ulong)(bytes - 1) | 1) + 1 - SmallestClass);
}
