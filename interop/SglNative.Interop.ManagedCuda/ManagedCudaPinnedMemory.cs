using ManagedCuda;
using ManagedCuda.BasicTypes;

namespace SglNative.Interop.ManagedCuda;

internal sealed class ManagedCudaPinnedMemory : PinnedMemory
{
    private readonly ManagedCudaContext _context;

    private ManagedCudaPinnedMemory(ManagedCudaContext context, nint address, long bytes) : base(address, bytes)
    {
        var added = false;
        context.DangerousAddRef(ref added);
        _context = context;
    }

    public static ManagedCudaPinnedMemory Allocate(ManagedCudaContext context, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        context.MakeCurrent();
        nint address = 0;
        var result = DriverAPINativeMethods.MemoryManagement.cuMemHostAlloc(ref address, bytes, CUMemHostAllocFlags.Portable);
        if (result == CUResult.ErrorOutOfMemory)
            throw new DeviceOutOfMemoryException($"cuMemHostAlloc failed: the host cannot pin {bytes:N0} bytes of memory");
        ManagedCudaCall.Check(result, "cuMemHostAlloc");
        return new ManagedCudaPinnedMemory(context, address, bytes);
    }

    protected override bool ReleaseHandle()
    {
        var released = DriverAPINativeMethods.ContextManagement.cuCtxPushCurrent_v2(_context.Value) == CUResult.Success;
        if (released)
        {
            released = DriverAPINativeMethods.MemoryManagement.cuMemFreeHost(handle) == CUResult.Success;
            var popped = new CUcontext();
            _ = DriverAPINativeMethods.ContextManagement.cuCtxPopCurrent_v2(ref popped);
        }
        _context.DangerousRelease();
        return released;
    }
}
