using ManagedCuda;
using ManagedCuda.BasicTypes;
using static SglNative.Interop.ManagedCuda.ManagedCudaCall;

namespace SglNative.Interop.ManagedCuda;

internal sealed partial class ManagedCudaDevice
{
    public DeviceMemoryInfo GetMemoryInfo()
    {
        Context.MakeCurrent();
        SizeT free = 0, total = 0;
        Check(DriverAPINativeMethods.MemoryManagement.cuMemGetInfo_v2(ref free, ref total), "cuMemGetInfo");
        return new DeviceMemoryInfo(free, total);
    }

    public nint Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        Context.MakeCurrent();
        var pointer = new CUdeviceptr();
        var result = DriverAPINativeMethods.MemoryManagement.cuMemAlloc_v2(ref pointer, bytes);
        if (result == CUResult.ErrorOutOfMemory) throw new DeviceOutOfMemoryException("cuMemAlloc", bytes, GetMemoryInfo());
        Check(result, "cuMemAlloc");
        return Address(pointer);
    }

    public void Free(nint address)
    {
        if (address == 0) return;
        Context.MakeCurrent();
        Check(DriverAPINativeMethods.MemoryManagement.cuMemFree_v2(At(address)), "cuMemFree");
    }

    public PinnedMemory AllocatePinned(long bytes) => ManagedCudaPinnedMemory.Allocate(Context, bytes);

    public VirtualMemory ReserveVirtual(long bytes) => new ManagedCudaVirtualMemory(this, bytes);

    public void CopyToDevice(nint destination, nint hostSource, long bytes)
    {
        if (bytes == 0) return;
        Context.MakeCurrent();
        Check(DriverAPINativeMethods.SynchronousMemcpy_v2.cuMemcpyHtoD_v2(At(destination), hostSource, bytes), "cuMemcpyHtoD");
        // From pageable memory the driver returns once the bytes are staged; streams do not wait for the legacy one they travel in.
        Check(DriverAPINativeMethods.Streams.cuStreamSynchronize(default), "cuStreamSynchronize");
    }

    public void CopyToHost(nint hostDestination, nint source, long bytes)
    {
        if (bytes == 0) return;
        Context.MakeCurrent();
        Check(DriverAPINativeMethods.SynchronousMemcpy_v2.cuMemcpyDtoH_v2(hostDestination, At(source), bytes), "cuMemcpyDtoH");
    }

    public void CopyToDeviceAsync(nint destination, nint hostSource, long bytes, DeviceStream stream)
    {
        if (bytes == 0) return;
        Context.MakeCurrent();
        Check(DriverAPINativeMethods.AsynchronousMemcpy_v2.cuMemcpyHtoDAsync_v2(At(destination), hostSource, bytes, Native(stream)), "cuMemcpyHtoDAsync");
    }

    public void CopyToHostAsync(nint hostDestination, nint source, long bytes, DeviceStream stream)
    {
        if (bytes == 0) return;
        Context.MakeCurrent();
        Check(DriverAPINativeMethods.AsynchronousMemcpy_v2.cuMemcpyDtoHAsync_v2(hostDestination, At(source), bytes, Native(stream)), "cuMemcpyDtoHAsync");
    }

    public void CopyOnDeviceAsync(nint destination, nint source, long bytes, DeviceStream stream)
    {
        if (bytes == 0) return;
        Context.MakeCurrent();
        Check(DriverAPINativeMethods.AsynchronousMemcpy_v2.cuMemcpyAsync(At(destination), At(source), bytes, Native(stream)), "cuMemcpyAsync");
    }

    public void FillAsync(nint destination, byte value, long bytes, DeviceStream stream)
    {
        if (bytes == 0) return;
        Context.MakeCurrent();
        Check(DriverAPINativeMethods.MemsetAsync.cuMemsetD8Async(At(destination), value, bytes, Native(stream)), "cuMemsetD8Async");
    }

    public void FillAsync(nint destination, uint value, long count, DeviceStream stream)
    {
        if (count == 0) return;
        Context.MakeCurrent();
        Check(DriverAPINativeMethods.MemsetAsync.cuMemsetD32Async(At(destination), value, count, Native(stream)), "cuMemsetD32Async");
    }

    private static CUstream Native(DeviceStream stream) => new() { Pointer = stream.Handle };
}
