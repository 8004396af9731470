using SglNative.Interop;

namespace SglNative.Cuda.Kernels;

/// <summary>
/// Device memory that lives between two kernels of one operation. Operations follow each other in one stream, so all share it;
/// it grows to the largest need. What recorded operations were given stays theirs: they will use it again.
/// </summary>
internal sealed class Workspace(IComputeDevice device, DeviceStream stream) : IDisposable
{
    private const long Granularity = 1 << 20;

    private readonly List<nint> _kept = [];
    private nint _address;
    private long _size;
    private bool _recorded;

    /// <summary>True while operations are recorded.</summary>
    public bool IsRecording { get; set; }

    /// <summary>At least <paramref name="bytes"/> bytes with undefined contents, aligned to 256.</summary>
    public nint Require(long bytes)
    {
        if (bytes > _size) Grow(bytes);
        _recorded |= IsRecording;
        if (device.ChecksMemory)
        {
            // What the last operation left there is nothing to this one.
            device.TakeBack(_address, _size, stream);
            device.HandOut(_address, bytes, stream);
        }
        return _address;
    }

    public void Dispose()
    {
        device.Free(_address);
        foreach (var address in _kept) device.Free(address);
        _kept.Clear();
        (_address, _size, _recorded) = (0, 0, false);
    }

    private void Grow(long bytes)
    {
        // Growing by half again keeps the number of times small; freeing waits for the kernels that still use the old one.
        var size = (Math.Max(bytes, _size + _size / 2) + Granularity - 1) / Granularity * Granularity;
        if (_recorded) _kept.Add(_address);
        else device.Free(_address);
        (_address, _size, _recorded) = (0, 0, false);
        _address = device.Allocate(size);
        _size = size;
    }
}
