using SglNative.Interop.Emulated.Native;

namespace SglNative.Interop.Emulated;

internal sealed class EmulatedEvent(EmulatedDevice device) : DeviceEvent
{
    private nint _handle = EmulationApi.EventCreate();

    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, typeof(DeviceEvent));
            return _handle;
        }
    }

    public override bool IsCompleted => EmulationApi.EventCompleted(Handle) != 0;

    public override void Synchronize() => EmulationStatus.Check(EmulationApi.EventSynchronize(device.Handle, Handle));

    public override float ElapsedMilliseconds(DeviceEvent start) =>
        (float)(EmulationApi.EventMilliseconds(Handle) - EmulationApi.EventMilliseconds(((EmulatedEvent)start).Handle));

    protected override void Dispose(bool disposing)
    {
        if (disposing && _handle != 0) EmulationApi.EventDestroy(_handle);
        _handle = 0;
    }
}
