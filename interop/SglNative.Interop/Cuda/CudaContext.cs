using System.Runtime.InteropServices;
using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.Cuda;

/// <summary>
/// A device's primary context, which other libraries of the process share. Everything made in it holds a reference, so that it is
/// released last whatever the order of disposal.
/// </summary>
internal sealed class CudaContext : SafeHandle
{
    private readonly int _device;

    public CudaContext(int device) : base(0, ownsHandle: true)
    {
        _device = device;
        CudaResult.Check(CudaDriver.DevicePrimaryCtxRetain(out var context, device), "cuDevicePrimaryCtxRetain");
        SetHandle(context);
    }

    public override bool IsInvalid => handle == 0;

    public nint Value => handle;

    /// <summary>True once its device was disposed, even while what was made in it keeps the context itself alive.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Binds the context to the calling thread. Cheap enough for every call, and right whatever else the thread did.</summary>
    public void MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, typeof(CudaDevice));
        CudaResult.Check(CudaDriver.CtxSetCurrent(handle), "cuCtxSetCurrent");
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle() => CudaDriver.DevicePrimaryCtxRelease(_device) == CudaResult.Success;
}
