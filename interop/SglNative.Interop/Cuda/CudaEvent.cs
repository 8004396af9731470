using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.Cuda;

internal sealed unsafe class CudaEvent : DeviceEvent
{
    private const uint DisableTiming = 2;
    private readonly CudaContext _context;
    private readonly CudaHandle _handle;

    public CudaEvent(CudaContext context, bool timing)
    {
        _context = context;
        context.MakeCurrent();
        CudaResult.Check(CudaDriver.EventCreate(out var mark, timing ? 0 : DisableTiming), "cuEventCreate");
        _handle = new CudaHandle(context, mark, &CudaDriver.EventDestroy);
    }

    public nint Handle => _handle.Value;

    public override bool IsCompleted
    {
        get
        {
            _context.MakeCurrent();
            var result = CudaDriver.EventQuery(Handle);
            if (result == CudaResult.NotReady) return false;
            CudaResult.Check(result, "cuEventQuery");
            return true;
        }
    }

    public override void Synchronize()
    {
        _context.MakeCurrent();
        CudaResult.Check(CudaDriver.EventSynchronize(Handle), "cuEventSynchronize");
    }

    public override float ElapsedMilliseconds(DeviceEvent start)
    {
        _context.MakeCurrent();
        CudaResult.Check(CudaDriver.EventElapsedTime(out var milliseconds, ((CudaEvent)start).Handle, Handle), "cuEventElapsedTime");
        return milliseconds;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _handle.Dispose();
    }
}
