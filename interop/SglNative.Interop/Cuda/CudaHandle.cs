using System.Runtime.InteropServices;
using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.Cuda;

/// <summary>Owns one native object and a reference to its context.</summary>
internal sealed unsafe class CudaHandle : SafeHandle
{
    private readonly CudaContext _context;
    private readonly delegate*<nint, int> _destroy;

    public CudaHandle(CudaContext context, nint value, delegate*<nint, int> destroy) : base(0, ownsHandle: true)
    {
        var added = false;
        context.DangerousAddRef(ref added);
        _context = context;
        _destroy = destroy;
        SetHandle(value);
    }

    public override bool IsInvalid => handle == 0;

    public nint Value => IsClosed ? throw new ObjectDisposedException(nameof(CudaHandle), "it was disposed already") : handle;

    protected override bool ReleaseHandle()
    {
        // May run on the finaliser's thread, which has no current context.
        var released = CudaDriver.CtxPushCurrent(_context.Value) == CudaResult.Success;
        if (released)
        {
            released = _destroy(handle) == CudaResult.Success;
            _ = CudaDriver.CtxPopCurrent(out _);
        }
        _context.DangerousRelease();
        return released;
    }
}
