using SglNative.Interop;

namespace SglNative.Cuda.Memory;

/// <summary>
/// Pinned memory through which host bytes travel to the device: the caller's bytes are copied here and may change at once, the
/// copy to the device follows in the order of the stream. A segment is filled again only when its last copy has run.
/// </summary>
internal sealed class StagingRing : IDisposable
{
    private const int Segments = 4;
    private const long SegmentSize = 8 << 20;

    // What a step brings back, some tokens, has a place of its own: the copy need not wait until the ring is free.
    private const int SmallDownload = 64 << 10;

    private readonly IComputeDevice _device;
    private readonly DeviceStream _stream;
    private readonly PinnedMemory _memory;
    private readonly DeviceEvent[] _copied = new DeviceEvent[Segments];
    private int _segment;
    private long _used;

    public StagingRing(IComputeDevice device, DeviceStream stream)
    {
        _device = device;
        _stream = stream;
        _memory = device.AllocatePinned(Segments * SegmentSize + SmallDownload);
        for (var i = 0; i < Segments; i++) _copied[i] = device.CreateEvent();
    }

    /// <summary>Copies <paramref name="source"/> to the device address, in stream order; the source may be reused on return.</summary>
    public unsafe void Upload(ReadOnlySpan<byte> source, nint destination)
    {
        while (source.Length > 0)
        {
            if (_used == SegmentSize) NextSegment();
            var count = (int)Math.Min(source.Length, SegmentSize - _used);
            var staged = _memory.Address + (nint)(_segment * SegmentSize + _used);
            source[..count].CopyTo(new Span<byte>((void*)staged, count));
            _device.CopyToDeviceAsync(destination, staged, count, _stream);
            // The next piece starts at a multiple of 64 bytes: what a copy engine likes best.
            _used = Math.Min(SegmentSize, (_used + count + 63) / 64 * 64);
            source = source[count..];
            destination += count;
        }
    }

    /// <summary>Copies from the device when everything before has run, and waits for it.</summary>
    public unsafe void Download(nint source, Span<byte> destination)
    {
        if (destination.Length is > 0 and <= SmallDownload)
        {
            var bounce = _memory.Address + (nint)(Segments * SegmentSize);
            _device.CopyToHostAsync(bounce, source, destination.Length, _stream);
            _stream.Synchronize();
            new ReadOnlySpan<byte>((void*)bounce, destination.Length).CopyTo(destination);
            return;
        }
        // The whole ring serves as the bounce buffer: what it still holds must have left it first.
        _stream.Synchronize();
        (_segment, _used) = (0, 0);
        while (destination.Length > 0)
        {
            var count = (int)Math.Min(destination.Length, Segments * SegmentSize);
            _device.CopyToHostAsync(_memory.Address, source, count, _stream);
            _stream.Synchronize();
            new ReadOnlySpan<byte>((void*)_memory.Address, count).CopyTo(destination);
            destination = destination[count..];
            source += count;
        }
    }

    public void Dispose()
    {
        foreach (var copied in _copied) copied.Dispose();
        _memory.Dispose();
    }

    private void NextSegment()
    {
        _stream.Record(_copied[_segment]);
        _segment = (_segment + 1) % Segments;
        _copied[_segment].Synchronize();
        _used = 0;
    }
}
