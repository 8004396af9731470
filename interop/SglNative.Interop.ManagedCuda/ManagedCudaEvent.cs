using ManagedCuda;
using ManagedCuda.BasicTypes;
using static SglNative.Interop.ManagedCuda.ManagedCudaCall;

namespace SglNative.Interop.ManagedCuda;

internal sealed class ManagedCudaEvent : DeviceEvent
{
    private readonly ManagedCudaContext _context;
    private readonly ManagedCudaHandle _handle;

    public ManagedCudaEvent(ManagedCudaContext context, bool timing)
    {
        _context = context;
        context.MakeCurrent();
        var mark = new CUevent();
        Check(DriverAPINativeMethods.Events.cuEventCreate(ref mark, timing ? CUEventFlags.Default : CUEventFlags.DisableTiming), "cuEventCreate");
        _handle = new ManagedCudaHandle(context, mark.Pointer, pointer => DriverAPINativeMethods.Events.cuEventDestroy_v2(new CUevent { Pointer = pointer }));
    }

    public CUevent Native => new() { Pointer = _handle.Value };

    public override bool IsCompleted
    {
        get
        {
            _context.MakeCurrent();
            var result = DriverAPINativeMethods.Events.cuEventQuery(Native);
            if (result == CUResult.ErrorNotReady) return false;
            Check(result, "cuEventQuery");
            return true;
        }
    }

    public override void Synchronize()
    {
        _context.MakeCurrent();
        Check(DriverAPINativeMethods.Events.cuEventSynchronize(Native), "cuEventSynchronize");
    }

    public override float ElapsedMilliseconds(DeviceEvent start)
    {
        _context.MakeCurrent();
        var milliseconds = 0f;
        Check(DriverAPINativeMethods.Events.cuEventElapsedTime(ref milliseconds, ((ManagedCudaEvent)start).Native, Native), "cuEventElapsedTime");
        return milliseconds;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _handle.Dispose();
    }
}
