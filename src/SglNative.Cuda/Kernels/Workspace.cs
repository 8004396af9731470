using SglNative.Interop;

namespace SglNative.Cuda.Kernels;

/// <summary>
/// Device memory that lives between two kernels of one operation. Operations follow each other in one stream, so all share it;
/// it grows to the largest need.
/// </summary>
internal sealed class Workspace(IComputeDevice device, DeviceStream stream) : IDisposable
{
    private const long Granularity = 1 << 20;

    private nint _address;
    private long _size;

    /// <summary>At least <paramref name="bytes"/> bytes with undefined contents, aligned to 256.</summary>
    public nint Require(long bytes)
    {
        Grow(bytes);
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
        if (_address != 0) device.Free(_address);
        (_address, _size) = (0, 0);
    }

    private void Grow(long bytes)
    {
        if (bytes <= _size) return;
        // Growing by half again keeps the number of times small; freeing waits for the kernels that still use the old one.
        var size = (Math.Max(bytes, _size + _size / 2) + Granularity - 1) / Granularity * Granularity;
        Dispose();
        _address = device.Allocate(size);
        _size = size;
    }
}
