using ManagedCuda;
using ManagedCuda.BasicTypes;
using static SglNative.Interop.ManagedCuda.ManagedCudaCall;

namespace SglNative.Interop.ManagedCuda;

internal sealed class ManagedCudaVirtualMemory : VirtualMemory
{
    private readonly ManagedCudaDevice _device;
    private readonly SortedDictionary<long, (long Bytes, CUmemGenericAllocationHandle Allocation)> _mappings = [];
    private CUmemAllocationProp _properties;
    private nint _address;

    public ManagedCudaVirtualMemory(ManagedCudaDevice device, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        _device = device;
        _properties = new CUmemAllocationProp { type = CUmemAllocationType.Pinned, location = At(device.Ordinal) };
        device.Context.MakeCurrent();
        SizeT granularity = 0;
        Check(DriverAPINativeMethods.MemoryManagement.cuMemGetAllocationGranularity(ref granularity, ref _properties, CUmemAllocationGranularity_flags.Minimum),
            "cuMemGetAllocationGranularity");
        Granularity = granularity;
        Length = checked((bytes + Granularity - 1) / Granularity * Granularity);
        var pointer = new CUdeviceptr();
        Check(DriverAPINativeMethods.MemoryManagement.cuMemAddressReserve(ref pointer, Length, 0, default, 0), "cuMemAddressReserve");
        _address = ManagedCudaCall.Address(pointer);
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
        var allocation = new CUmemGenericAllocationHandle();
        var result = DriverAPINativeMethods.MemoryManagement.cuMemCreate(ref allocation, bytes, ref _properties, 0);
        if (result == CUResult.ErrorOutOfMemory) throw new DeviceOutOfMemoryException("cuMemCreate", bytes, _device.GetMemoryInfo());
        Check(result, "cuMemCreate");
        result = DriverAPINativeMethods.MemoryManagement.cuMemMap(Pointer(offset), bytes, 0, allocation, 0);
        if (result != CUResult.Success)
        {
            _ = DriverAPINativeMethods.MemoryManagement.cuMemRelease(allocation);
            Throw(result, "cuMemMap");
        }
        _mappings.Add(offset, (bytes, allocation));
        // Mapped memory is open to nobody at first, not even to its own device.
        CUmemAccessDesc[] access =
            [.. _device.PeersWithAccess.Prepend(_device.Ordinal).Select(ordinal => new CUmemAccessDesc { location = At(ordinal), flags = CUmemAccess_flags.ProtReadWrite })];
        Check(DriverAPINativeMethods.MemoryManagement.cuMemSetAccess(Pointer(offset), bytes, access, access.Length), "cuMemSetAccess");
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
        Check(DriverAPINativeMethods.MemoryManagement.cuMemAddressFree(Pointer(0), Length), "cuMemAddressFree");
        _address = 0;
    }

    private static CUmemLocation At(int ordinal) => new() { type = CUmemLocationType.Device, id = ordinal };

    private CUdeviceptr Pointer(long offset) => ManagedCudaCall.At(Address + (nint)offset);

    private void Release(long offset, long bytes, CUmemGenericAllocationHandle allocation)
    {
        Check(DriverAPINativeMethods.MemoryManagement.cuMemUnmap(Pointer(offset), bytes), "cuMemUnmap");
        _mappings.Remove(offset);
        Check(DriverAPINativeMethods.MemoryManagement.cuMemRelease(allocation), "cuMemRelease");
    }

    private void CheckRange(long offset, long bytes)
    {
        if (offset < 0 || bytes <= 0 || offset % Granularity != 0 || bytes % Granularity != 0 || offset > Length - bytes)
            throw new ArgumentException(
                $"offset {offset} and size {bytes} must be multiples of {Granularity} within the {Length} reserved bytes", nameof(offset));
    }
}
