using SglNative.Interop.Emulated.Native;

namespace SglNative.Interop.Emulated;

internal sealed class EmulatedVirtualMemory : VirtualMemory
{
    private const long Page = 2 << 20;

    private readonly EmulatedDevice _device;
    private readonly SortedDictionary<long, long> _mappings = [];
    private nint _address;

    public EmulatedVirtualMemory(EmulatedDevice device, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        _device = device;
        Length = checked((bytes + Page - 1) / Page * Page);
        EmulationStatus.Check(EmulationApi.MemoryReserve(device.Handle, (ulong)Length, out _address));
    }

    public override nint Address => _address != 0 ? _address : throw new ObjectDisposedException(nameof(VirtualMemory));

    public override long Length { get; }

    public override long Granularity => Page;

    public override long MappedBytes => _mappings.Values.Sum();

    public override void Map(long offset, long bytes)
    {
        CheckRange(offset, bytes);
        foreach (var (at, mapped) in _mappings)
            if (at < offset + bytes && offset < at + mapped)
                throw new ArgumentException($"[{offset}, {offset + bytes}) is mapped in part already: [{at}, {at + mapped})", nameof(offset));
        EmulationStatus.Check(EmulationApi.MemoryMap(_device.Handle, Address + (nint)offset, (ulong)bytes), "map", bytes, _device.GetMemoryInfo());
        _mappings.Add(offset, bytes);
    }

    public override void Unmap(long offset, long bytes)
    {
        CheckRange(offset, bytes);
        var inside = _mappings.Where(m => m.Key < offset + bytes && offset < m.Key + m.Value).ToArray();
        foreach (var (at, mapped) in inside)
            if (at < offset || at + mapped > offset + bytes)
                throw new ArgumentException($"[{offset}, {offset + bytes}) cuts the mapping [{at}, {at + mapped}); unmap what was mapped", nameof(offset));
        if (inside.Sum(m => m.Value) != bytes) throw new ArgumentException($"[{offset}, {offset + bytes}) is not mapped throughout", nameof(offset));
        foreach (var (at, mapped) in inside) Release(at, mapped);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing || _address == 0) return;
        if (!_device.IsDisposed)
        {
            foreach (var (at, mapped) in _mappings.ToArray()) Release(at, mapped);
            EmulationApi.MemoryRelease(_device.Handle, _address, (ulong)Length);
        }
        _address = 0;
    }

    private void Release(long offset, long bytes)
    {
        EmulationApi.MemoryUnmap(_device.Handle, _address + (nint)offset, (ulong)bytes);
        _mappings.Remove(offset);
    }

    private void CheckRange(long offset, long bytes)
    {
        if (offset < 0 || bytes <= 0 || offset % Page != 0 || bytes % Page != 0 || offset > Length - bytes)
            throw new ArgumentException($"offset {offset} and size {bytes} must be multiples of {Page} within the {Length} reserved bytes", nameof(offset));
    }
}
