using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.Cuda;

internal sealed unsafe partial class CudaDevice
{
    private const nint LegacyStream = 0;

    public DeviceMemoryInfo GetMemoryInfo()
    {
        Context.MakeCurrent();
        CudaResult.Check(CudaDriver.MemGetInfo(out var free, out var total), "cuMemGetInfo");
        return new DeviceMemoryInfo((long)free, (long)total);
    }

    public nint Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        Context.MakeCurrent();
        var result = CudaDriver.MemAlloc(out var address, (nuint)bytes);
        if (result == CudaResult.OutOfMemory) throw new DeviceOutOfMemoryException("cuMemAlloc", bytes, GetMemoryInfo());
        CudaResult.Check(result, "cuMemAlloc");
        return address;
    }

    public void Free(nint address)
    {
        if (address == 0) return;
        Context.MakeCurrent();
        CudaResult.Check(CudaDriver.MemFree(address), "cuMemFree");
    }

    public PinnedMemory AllocatePinned(long bytes) => CudaPinnedMemory.Allocate(Context, bytes);

    public VirtualMemory ReserveVirtual(long bytes) => new CudaVirtualMemory(this, bytes);

    public void CopyToDevice(nint destination, nint hostSource, long bytes)
    {
        if (bytes == 0) return;
        Context.MakeCurrent();
        CudaResult.Check(CudaDriver.MemcpyHtoD(destination, hostSource, (nuint)bytes), "cuMemcpyHtoD");
        // From pageable memory the driver returns once the bytes are staged. Our streams do not wait for the legacy stream in which
        // they travel on, so this has to.
        CudaResult.Check(CudaDriver.StreamSynchronize(LegacyStream), "cuStreamSynchronize");
    }

    public void CopyToHost(nint hostDestination, nint source, long bytes)
    {
        if (bytes == 0) return;
        Context.MakeCurrent();
        CudaResult.Check(CudaDriver.MemcpyDtoH(hostDestination, source, (nuint)bytes), "cuMemcpyDtoH");
    }

    public void CopyToDeviceAsync(nint destination, nint hostSource, long bytes, DeviceStream stream)
    {
        if (bytes == 0) return;
        Context.MakeCurrent();
        CudaResult.Check(CudaDriver.MemcpyHtoDAsync(destination, hostSource, (nuint)bytes, stream.Handle), "cuMemcpyHtoDAsync");
    }

    public void CopyToHostAsync(nint hostDestination, nint source, long bytes, DeviceStream stream)
    {
        if (bytes == 0) return;
        Context.MakeCurrent();
        CudaResult.Check(CudaDriver.MemcpyDtoHAsync(hostDestination, source, (nuint)bytes, stream.Handle), "cuMemcpyDtoHAsync");
    }

    public void CopyOnDeviceAsync(nint destination, nint source, long bytes, DeviceStream stream)
    {
        if (bytes == 0) return;
        Context.MakeCurrent();
        CudaResult.Check(CudaDriver.MemcpyAsync(destination, source, (nuint)bytes, stream.Handle), "cuMemcpyAsync");
    }

    public void FillAsync(nint destination, byte value, long bytes, DeviceStream stream)
    {
        if (bytes == 0) return;
        Context.MakeCurrent();
        CudaResult.Check(CudaDriver.MemsetD8Async(destination, value, (nuint)bytes, stream.Handle), "cuMemsetD8Async");
    }

    public void FillAsync(nint destination, uint value, long count, DeviceStream stream)
    {
        if (count == 0) return;
        Context.MakeCurrent();
        CudaResult.Check(CudaDriver.MemsetD32Async(destination, value, (nuint)count, stream.Handle), "cuMemsetD32Async");
    }
}
