using SglNative.Interop.Emulated.Native;

namespace SglNative.Interop.Emulated;

internal sealed unsafe partial class EmulatedDevice
{
    public DeviceMemoryInfo GetMemoryInfo() => new((long)EmulationApi.MemoryFreeBytes(Handle), Capabilities.TotalMemory);

    public nint Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        EmulationStatus.Check(EmulationApi.MemoryAllocate(Handle, (ulong)bytes, out var address), "allocate", bytes, GetMemoryInfo());
        return address;
    }

    public void Free(nint address)
    {
        if (address != 0) EmulationStatus.Check(EmulationApi.MemoryFree(Handle, address));
    }

    public bool ChecksMemory => _toolchain.ChecksMemory;

    public void HandOut(nint address, long bytes, DeviceStream stream) =>
        EmulationStatus.Check(EmulationApi.StreamMark(stream.Handle, address, (ulong)bytes, handedOut: 1));

    public void TakeBack(nint address, long bytes, DeviceStream stream) =>
        EmulationStatus.Check(EmulationApi.StreamMark(stream.Handle, address, (ulong)bytes, handedOut: 0));

    public PinnedMemory AllocatePinned(long bytes)
    {
        _ = Handle;
        return EmulatedPinnedMemory.Allocate(bytes);
    }

    public VirtualMemory ReserveVirtual(long bytes) => new EmulatedVirtualMemory(this, bytes);

    public void CopyToDevice(nint destination, nint hostSource, long bytes) =>
        EmulationStatus.Check(EmulationApi.CopyToDevice(Handle, destination, hostSource, (ulong)bytes));

    public void CopyToHost(nint hostDestination, nint source, long bytes) =>
        EmulationStatus.Check(EmulationApi.CopyToHost(Handle, hostDestination, source, (ulong)bytes));

    public void CopyToDeviceAsync(nint destination, nint hostSource, long bytes, DeviceStream stream) =>
        EmulationStatus.Check(EmulationApi.StreamCopy(stream.Handle, destination, hostSource, (ulong)bytes, toDevice: 1, fromDevice: 0));

    public void CopyToHostAsync(nint hostDestination, nint source, long bytes, DeviceStream stream) =>
        EmulationStatus.Check(EmulationApi.StreamCopy(stream.Handle, hostDestination, source, (ulong)bytes, toDevice: 0, fromDevice: 1));

    public void CopyOnDeviceAsync(nint destination, nint source, long bytes, DeviceStream stream) =>
        EmulationStatus.Check(EmulationApi.StreamCopy(stream.Handle, destination, source, (ulong)bytes, toDevice: 1, fromDevice: 1));

    public void FillAsync(nint destination, byte value, long bytes, DeviceStream stream) =>
        EmulationStatus.Check(EmulationApi.StreamFill(stream.Handle, destination, value, sizeof(byte), (ulong)bytes));

    public void FillAsync(nint destination, uint value, long count, DeviceStream stream) =>
        EmulationStatus.Check(EmulationApi.StreamFill(stream.Handle, destination, value, sizeof(uint), (ulong)count));
}
