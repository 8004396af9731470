using System.Runtime.InteropServices;
using ManagedCuda;
using ManagedCuda.BasicTypes;

namespace SglNative.Interop.ManagedCuda;

/// <summary>Owns one native object and a reference to its context.</summary>
internal sealed class ManagedCudaHandle : SafeHandle
{
    private readonly ManagedCudaContext _context;
    private readonly Func<nint, CUResult> _destroy;

    public ManagedCudaHandle(ManagedCudaContext context, nint value, Func<nint, CUResult> destroy) : base(0, ownsHandle: true)
    {
        var added = false;
        context.DangerousAddRef(ref added);
        (_context, _destroy) = (context, destroy);
        SetHandle(value);
    }

    public override bool IsInvalid => handle == 0;

    public nint Value => IsClosed ? throw new ObjectDisposedException(nameof(ManagedCudaHandle), "it was disposed already") : handle;

    protected override bool ReleaseHandle()
    {
        // May run on the finaliser's thread, which has no current context.
        var released = DriverAPINativeMethods.ContextManagement.cuCtxPushCurrent_v2(_context.Value) == CUResult.Success;
        if (released)
        {
            released = _destroy(handle) == CUResult.Success;
            var popped = new CUcontext();
            _ = DriverAPINativeMethods.ContextManagement.cuCtxPopCurrent_v2(ref popped);
        }
        _context.DangerousRelease();
        return released;
    }
}
