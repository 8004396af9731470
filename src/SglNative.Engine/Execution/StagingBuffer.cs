using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Models.Backends;

namespace SglNative.Engine.Execution;

/// <summary>
/// Everything the device needs for a step, written into one host buffer and copied once. Arrays are added, then flushed, and only
/// then have a place on the device.
/// </summary>
internal sealed class StagingBuffer : IDisposable
{
    private const int Alignment = 16;

    private readonly Backend _backend;
    private readonly bool _stays;
    private byte[] _host = new byte[64 << 10];
    private Tensor _device;
    private int _used;

    /// <summary>A buffer that grows when it must, and then moves.</summary>
    public StagingBuffer(Backend backend) => _backend = backend;

    /// <summary>A buffer whose place on the device stays, of <paramref name="bytes"/> bytes.</summary>
    public StagingBuffer(Backend backend, long bytes)
    {
        (_backend, _stays) = (backend, true);
        _device = backend.Allocate(new Shape(bytes), DType.UInt8);
    }

    /// <summary>Starts a step.</summary>
    public void Clear() => _used = 0;

    /// <summary>Reserves an array of the host buffer to be written before the next call of any method here.</summary>
    public Span<T> Reserve<T>(int count, out Segment segment) where T : unmanaged
    {
        var bytes = count * Marshal.SizeOf<T>();
        segment = new Segment(_used, count);
        _used += (bytes + Alignment - 1) / Alignment * Alignment;
        if (_used > _host.Length) Array.Resize(ref _host, Math.Max(_used, _host.Length * 2));
        return MemoryMarshal.Cast<byte, T>(_host.AsSpan(segment.Offset, bytes));
    }

    /// <summary>Adds a copy of an array.</summary>
    public Segment Add<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        values.CopyTo(Reserve<T>(values.Length, out var segment));
        return segment;
    }

    /// <summary>Copies everything to the device.</summary>
    public void Flush() => Upload(_host, _used);

    /// <summary>Copies everything that another rank has staged to this one's device, where it has the same places.</summary>
    public void Copy(StagingBuffer other) => Upload(other._host, other._used);

    /// <summary>The array on the device, as a tensor of one dimension.</summary>
    public Tensor View(Segment segment, DType dtype) => new(_device.Data + segment.Offset, dtype, new Shape(segment.Count));

    /// <summary>The array on the device, as a tensor of two dimensions.</summary>
    public Tensor View(Segment segment, DType dtype, int rows) =>
        new(_device.Data + segment.Offset, dtype, new Shape(rows, rows == 0 ? 0 : segment.Count / rows));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_device.IsNull) _backend.Free(_device);
        _device = default;
    }

    private void Upload(byte[] host, int bytes)
    {
        if (_device.IsNull || _device.ByteCount < bytes)
        {
            if (_stays) throw new InvalidOperationException($"{bytes} bytes are staged, and {_device.ByteCount} were reserved");
            if (!_device.IsNull) _backend.Free(_device);
            _device = _backend.Allocate(new Shape(host.Length), DType.UInt8);
        }
        _backend.Upload(host.AsSpan(0, bytes), _device.Slice(0, 0, bytes));
    }

    /// <summary>A place in the buffer.</summary>
    public readonly record struct Segment(int Offset, int Count);
}
