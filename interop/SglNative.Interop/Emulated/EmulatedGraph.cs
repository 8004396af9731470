using SglNative.Interop.Emulated.Native;

namespace SglNative.Interop.Emulated;

internal sealed class EmulatedGraph(nint handle, int nodes) : DeviceGraph
{
    private nint _handle = handle;

    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, typeof(DeviceGraph));
            return _handle;
        }
    }

    public override int NodeCount => nodes;

    public override ExecutableGraph Instantiate() => new EmulatedExecutableGraph(EmulationApi.GraphCopy(Handle));

    protected override void Dispose(bool disposing)
    {
        if (disposing && _handle != 0) EmulationApi.GraphDestroy(_handle);
        _handle = 0;
    }
}
