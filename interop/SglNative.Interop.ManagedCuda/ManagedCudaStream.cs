using ManagedCuda;
using ManagedCuda.BasicTypes;
using static SglNative.Interop.ManagedCuda.ManagedCudaCall;

namespace SglNative.Interop.ManagedCuda;

internal sealed class ManagedCudaStream : DeviceStream
{
    private readonly ManagedCudaDevice _device;
    private readonly ManagedCudaHandle _handle;
    private nint _gemmWorkspace;

    public ManagedCudaStream(ManagedCudaDevice device, StreamPriority priority)
    {
        _device = device;
        device.Context.MakeCurrent();
        int least = 0, greatest = 0;
        Check(DriverAPINativeMethods.ContextManagement.cuCtxGetStreamPriorityRange(ref least, ref greatest), "cuCtxGetStreamPriorityRange");
        var stream = new CUstream();
        Check(
            DriverAPINativeMethods.Streams.cuStreamCreateWithPriority(ref stream, CUStreamFlags.NonBlocking, priority == StreamPriority.High ? greatest : least),
            "cuStreamCreateWithPriority");
        _handle = new ManagedCudaHandle(device.Context, stream.Pointer, pointer => DriverAPINativeMethods.Streams.cuStreamDestroy_v2(new CUstream { Pointer = pointer }));
    }

    public override nint Handle => _handle.Value;

    public CUstream Native => new() { Pointer = Handle };

    public override bool IsIdle
    {
        get
        {
            _device.Context.MakeCurrent();
            var result = DriverAPINativeMethods.Streams.cuStreamQuery(Native);
            if (result == CUResult.ErrorNotReady) return false;
            Check(result, "cuStreamQuery");
            return true;
        }
    }

    public override bool IsCapturing
    {
        get
        {
            _device.Context.MakeCurrent();
            var status = CUstreamCaptureStatus.None;
            Check(DriverAPINativeMethods.Streams.cuStreamIsCapturing(Native, ref status), "cuStreamIsCapturing");
            return status != CUstreamCaptureStatus.None;
        }
    }

    /// <summary>Scratch memory for the products of this stream.</summary>
    public nint GemmWorkspace
    {
        get
        {
            if (_gemmWorkspace == 0 && _device.Options.GemmWorkspace > 0) _gemmWorkspace = _device.Allocate(_device.Options.GemmWorkspace);
            return _gemmWorkspace;
        }
    }

    public override void Synchronize()
    {
        _device.Context.MakeCurrent();
        Check(DriverAPINativeMethods.Streams.cuStreamSynchronize(Native), "cuStreamSynchronize");
    }

    public override void Record(DeviceEvent mark)
    {
        _device.Context.MakeCurrent();
        Check(DriverAPINativeMethods.Events.cuEventRecord(((ManagedCudaEvent)mark).Native, Native), "cuEventRecord");
    }

    public override void WaitFor(DeviceEvent mark)
    {
        _device.Context.MakeCurrent();
        Check(DriverAPINativeMethods.Streams.cuStreamWaitEvent(Native, ((ManagedCudaEvent)mark).Native, 0), "cuStreamWaitEvent");
    }

    public override void BeginCapture()
    {
        _device.Context.MakeCurrent();
        Check(DriverAPINativeMethods.Streams.cuStreamBeginCapture(Native, CUstreamCaptureMode.Relaxed), "cuStreamBeginCapture");
    }

    public override DeviceGraph EndCapture()
    {
        _device.Context.MakeCurrent();
        var graph = new CUgraph();
        Check(DriverAPINativeMethods.Streams.cuStreamEndCapture(Native, ref graph), "cuStreamEndCapture");
        return new ManagedCudaGraph(_device.Context, graph);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing || _handle.IsClosed) return;
        if (!_device.Context.IsDisposed) _device.Free(_gemmWorkspace);
        _gemmWorkspace = 0;
        _handle.Dispose();
    }
}
