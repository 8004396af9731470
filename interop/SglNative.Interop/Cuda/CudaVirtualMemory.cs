using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.Cuda;

internal sealed unsafe class CudaVirtualMemory : VirtualMemory
{
    private readonly CudaDevice _device;
    private readonly SortedDictionary<long, (long Bytes, ulong Allocation)> _mappings = [];
    private readonly CudaAllocationProperties _properties;
    private nint _address;

    public CudaVirtualMemory(CudaDevice device, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        _device = device;
        _properties = new CudaAllocationProperties
        {
            Type = CudaAllocationProperties.Pinned,
            Location = new CudaMemoryLocation { Type = CudaMemoryLocation.Device, Id = device.Ordinal },
        };
        device.Context.MakeCurrent();
        CudaResult.Check(CudaDriver.MemGetAllocationGranularity(out var granularity, _properties, 0), "cuMemGetAllocationGranularity");
        Granularity = (long)granularity;
        Length = checked((bytes + Granularity - 1) / Granularity * Granularity);
        CudaResult.Check(CudaDriver.MemAddressReserve(out _address, (nuint)Length, 0, 0, 0), "cuMemAddressReserve");
    }

    public override nint Address => _address != 0 ? _address : throw new ObjectDisposedException(nameof(VirtualMemory));

    public override long Length { get; }

    public override long Granularity { get; }

    public override long MappedBytes => _mappings.Values.Sum(mapping => mapping.Bytes);

    public override void Map(long offset, long bytes)
    {
        CheckRange(offset, bytes);
        foreach (var (at, mapping) in _mappings)
            if (at < offset + bytes && offset < at + mapping.Bytes)
                throw new ArgumentException($"[{offset}, {offset + bytes}) is mapped in part already: [{at}, {at + mapping.Bytes})", nameof(offset));
        _device.Context.MakeCurrent();
        var result = CudaDriver.MemCreate(out var allocation, (nuint)bytes, _properties, 0);
        if (result == CudaResult.OutOfMemory) throw new DeviceOutOfMemoryException("cuMemCreate", bytes, _device.GetMemoryInfo());
        CudaResult.Check(result, "cuMemCreate");
        result = CudaDriver.MemMap(Address + (nint)offset, (nuint)bytes, 0, allocation, 0);
        if (result != CudaResult.Success)
        {
            _ = CudaDriver.MemRelease(allocation);
            CudaResult.Throw(result, "cuMemMap");
        }
        _mappings.Add(offset, (bytes, allocation));
        GrantAccess(offset, bytes);
    }

    public override void Unmap(long offset, long bytes)
    {
        CheckRange(offset, bytes);
        var inside = _mappings.Where(m => m.Key < offset + bytes && offset < m.Key + m.Value.Bytes).ToArray();
        foreach (var (at, mapping) in inside)
            if (at < offset || at + mapping.Bytes > offset + bytes)
                throw new ArgumentException(
                    $"[{offset}, {offset + bytes}) cuts the mapping [{at}, {at + mapping.Bytes}); unmap what was mapped", nameof(offset));
        if (inside.Sum(m => m.Value.Bytes) != bytes)
            throw new ArgumentException($"[{offset}, {offset + bytes}) is not mapped throughout", nameof(offset));
        _device.Context.MakeCurrent();
        foreach (var (at, mapping) in inside) Release(at, mapping.Bytes, mapping.Allocation);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing || _address == 0) return;
        _device.Context.MakeCurrent();
        foreach (var (at, mapping) in _mappings.ToArray()) Release(at, mapping.Bytes, mapping.Allocation);
        CudaResult.Check(CudaDriver.MemAddressFree(_address, (nuint)Length), "cuMemAddressFree");
        _address = 0;
    }

    private void Release(long offset, long bytes, ulong allocation)
    {
        CudaResult.Check(CudaDriver.MemUnmap(Address + (nint)offset, (nuint)bytes), "cuMemUnmap");
        _mappings.Remove(offset);
        CudaResult.Check(CudaDriver.MemRelease(allocation), "cuMemRelease");
    }

    // Unlike ordinary allocations, mapped memory is open to nobody at first, not even to its own device.
    private void GrantAccess(long offset, long bytes)
    {
        var peers = _device.PeersWithAccess;
        var access = stackalloc CudaAccessDescriptor[peers.Count + 1];
        for (var i = 0; i <= peers.Count; i++)
            access[i] = new CudaAccessDescriptor
            {
                Location = new CudaMemoryLocation { Type = CudaMemoryLocation.Device, Id = i == 0 ? _device.Ordinal : peers[i - 1] },
                Flags = CudaAccessDescriptor.ReadWrite,
            };
        CudaResult.Check(CudaDriver.MemSetAccess(Address + (nint)offset, (nuint)bytes, access, (nuint)(peers.Count + 1)), "cuMemSetAccess");
    }

    private void CheckRange(long offset, long bytes)
    {
        if (offset < 0 || bytes <= 0 || offset % Granularity != 0 || bytes % Granularity != 0 || offset > Length - bytes)
            throw new ArgumentException(
                $"offset {offset} and size {bytes} must be multiples of {Granularity} within the {Length} reserved bytes", nameof(offset));
    }
}
