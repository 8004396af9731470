using System.Runtime.InteropServices;
using ManagedCuda;
using ManagedCuda.BasicTypes;

namespace SglNative.Interop.ManagedCuda;

/// <summary>A device's primary context; what was made in it keeps it alive.</summary>
internal sealed class ManagedCudaContext : SafeHandle
{
    private readonly CUdevice _device;

    public ManagedCudaContext(CUdevice device) : base(0, ownsHandle: true)
    {
        _device = device;
        var context = new CUcontext();
        ManagedCudaCall.Check(DriverAPINativeMethods.ContextManagement.cuDevicePrimaryCtxRetain(ref context, device), "cuDevicePrimaryCtxRetain");
        SetHandle(context.Pointer);
    }

    public override bool IsInvalid => handle == 0;

    public bool IsDisposed { get; private set; }

    public CUcontext Value => new() { Pointer = handle };

    /// <summary>Binds the context to the calling thread.</summary>
    public void MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, typeof(ManagedCudaDevice));
        ManagedCudaCall.Check(DriverAPINativeMethods.ContextManagement.cuCtxSetCurrent(Value), "cuCtxSetCurrent");
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle() => DriverAPINativeMethods.ContextManagement.cuDevicePrimaryCtxRelease(_device) == CUResult.Success;
}
