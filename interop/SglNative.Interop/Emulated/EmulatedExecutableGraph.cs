using SglNative.Interop.Emulated.Native;

namespace SglNative.Interop.Emulated;

internal sealed class EmulatedExecutableGraph(nint handle) : ExecutableGraph
{
    private nint _handle = handle;

    public override void Launch(DeviceStream stream) => EmulationStatus.Check(EmulationApi.GraphLaunch(Handle, stream.Handle));

    public override void Upload(DeviceStream stream) => ObjectDisposedException.ThrowIf(_handle == 0, typeof(ExecutableGraph));

    public override bool TryUpdate(DeviceGraph graph) => EmulationApi.GraphUpdate(Handle, ((EmulatedGraph)graph).Handle) != 0;

    protected override void Dispose(bool disposing)
    {
        if (disposing && _handle != 0) EmulationApi.GraphDestroy(_handle);
        _handle = 0;
    }

    private nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, typeof(ExecutableGraph));
            return _handle;
        }
    }
}
