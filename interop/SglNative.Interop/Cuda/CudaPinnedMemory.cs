using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.Cuda;

internal sealed class CudaPinnedMemory : PinnedMemory
{
    // Pinned for every context of the process, not just the one that is current.
    private const uint Portable = 1;
    private readonly CudaContext _context;

    private CudaPinnedMemory(CudaContext context, nint address, long bytes) : base(address, bytes)
    {
        var added = false;
        context.DangerousAddRef(ref added);
        _context = context;
    }

    public static CudaPinnedMemory Allocate(CudaContext context, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        context.MakeCurrent();
        var result = CudaDriver.MemHostAlloc(out var address, (nuint)bytes, Portable);
        if (result == CudaResult.OutOfMemory)
            throw new DeviceOutOfMemoryException($"cuMemHostAlloc failed: the host cannot pin {bytes:N0} bytes of memory");
        CudaResult.Check(result, "cuMemHostAlloc");
        return new CudaPinnedMemory(context, address, bytes);
    }

    protected override bool ReleaseHandle()
    {
        var released = CudaDriver.CtxPushCurrent(_context.Value) == CudaResult.Success;
        if (released)
        {
            released = CudaDriver.MemFreeHost(handle) == CudaResult.Success;
            _ = CudaDriver.CtxPopCurrent(out _);
        }
        _context.DangerousRelease();
        return released;
    }
}
