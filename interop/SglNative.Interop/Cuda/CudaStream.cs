using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.Cuda;

internal sealed unsafe class CudaStream : DeviceStream
{
    private const uint NonBlocking = 1;
    private readonly CudaDevice _device;
    private readonly CudaHandle _handle;
    private nint _gemmWorkspace;

    public CudaStream(CudaDevice device, StreamPriority priority)
    {
        _device = device;
        device.Context.MakeCurrent();
        CudaResult.Check(CudaDriver.CtxGetStreamPriorityRange(out var least, out var greatest), "cuCtxGetStreamPriorityRange");
        CudaResult.Check(
            CudaDriver.StreamCreateWithPriority(out var stream, NonBlocking, priority == StreamPriority.High ? greatest : least),
            "cuStreamCreateWithPriority");
        _handle = new CudaHandle(device.Context, stream, &CudaDriver.StreamDestroy);
    }

    public CudaDevice Device => _device;

    public override nint Handle => _handle.Value;

    public override bool IsIdle
    {
        get
        {
            _device.Context.MakeCurrent();
            var result = CudaDriver.StreamQuery(Handle);
            if (result == CudaResult.NotReady) return false;
            CudaResult.Check(result, "cuStreamQuery");
            return true;
        }
    }

    public override bool IsCapturing
    {
        get
        {
            _device.Context.MakeCurrent();
            CudaResult.Check(CudaDriver.StreamIsCapturing(Handle, out var status), "cuStreamIsCapturing");
            return status != 0;
        }
    }

    /// <summary>Scratch memory for the products of this stream; they run one after the other, so one piece serves all.</summary>
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
        CudaResult.Check(CudaDriver.StreamSynchronize(Handle), "cuStreamSynchronize");
    }

    public override void Record(DeviceEvent mark)
    {
        _device.Context.MakeCurrent();
        CudaResult.Check(CudaDriver.EventRecord(((CudaEvent)mark).Handle, Handle), "cuEventRecord");
    }

    public override void WaitFor(DeviceEvent mark)
    {
        _device.Context.MakeCurrent();
        CudaResult.Check(CudaDriver.StreamWaitEvent(Handle, ((CudaEvent)mark).Handle, 0), "cuStreamWaitEvent");
    }

    public override void BeginCapture()
    {
        _device.Context.MakeCurrent();
        // Relaxed: a kernel's or a library's first use loads code and allocates, which the stricter modes would refuse.
        CudaResult.Check(CudaDriver.StreamBeginCapture(Handle, CudaCaptureMode.Relaxed), "cuStreamBeginCapture");
    }

    public override DeviceGraph EndCapture()
    {
        _device.Context.MakeCurrent();
        CudaResult.Check(CudaDriver.StreamEndCapture(Handle, out var graph), "cuStreamEndCapture");
        return new CudaGraph(_device.Context, graph);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing || _handle.IsClosed) return;
        // The context, when that was closed first, takes its memory with it.
        if (!_device.Context.IsDisposed) _device.Free(_gemmWorkspace);
        _gemmWorkspace = 0;
        _handle.Dispose();
    }
}
