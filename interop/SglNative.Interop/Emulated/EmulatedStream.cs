using SglNative.Interop.Emulated.Native;

namespace SglNative.Interop.Emulated;

internal sealed class EmulatedStream : DeviceStream
{
    private nint _handle;

    public EmulatedStream(EmulatedDevice device)
    {
        EmulationStatus.Check(EmulationApi.StreamCreate(device.Handle, out _handle));
        Device = device;
    }

    public EmulatedDevice Device { get; }

    public override nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, typeof(DeviceStream));
            return _handle;
        }
    }

    public override bool IsIdle => EmulationApi.StreamIdle(Handle) != 0;

    public override bool IsCapturing => EmulationApi.StreamCapturing(Handle) != 0;

    public override void Synchronize() => EmulationStatus.Check(EmulationApi.StreamSynchronize(Handle));

    public override void Record(DeviceEvent mark) => EmulationStatus.Check(EmulationApi.StreamRecord(Handle, ((EmulatedEvent)mark).Handle));

    public override void WaitFor(DeviceEvent mark) => EmulationStatus.Check(EmulationApi.StreamWait(Handle, ((EmulatedEvent)mark).Handle));

    public override void BeginCapture() => EmulationStatus.Check(EmulationApi.StreamBeginCapture(Handle));

    public override DeviceGraph EndCapture()
    {
        EmulationStatus.Check(EmulationApi.StreamEndCapture(Handle, out var graph, out var nodes));
        return new EmulatedGraph(graph, nodes);
    }

    protected override void Dispose(bool disposing)
    {
        // The runtime's stream belongs to the device: without that it is gone already.
        if (disposing && _handle != 0 && !Device.IsDisposed) EmulationApi.StreamDestroy(_handle);
        _handle = 0;
    }
}
