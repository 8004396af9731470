using ManagedCuda;
using ManagedCuda.BasicTypes;
using static SglNative.Interop.ManagedCuda.ManagedCudaCall;

namespace SglNative.Interop.ManagedCuda;

internal sealed class ManagedCudaStream : DeviceStream
{
    private readonly ManagedCudaDevice _device;
    private readonly ManagedCudaHandle _handle;
    private readonly List<nint> _outgrown = [];
    private nint _gemmWorkspace, _gemmSums;
    private long _gemmSumsBytes;

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

    /// <summary>Memory for at least <paramref name="bytes"/> bytes of float32 products that have yet to get their bias.</summary>
    public nint GemmSums(long bytes)
    {
        if (bytes <= _gemmSumsBytes) return _gemmSums;
        // Captured graphs may still write to the old memory.
        if (_gemmSums != 0) _outgrown.Add(_gemmSums);
        _gemmSumsBytes = (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)Math.Max(bytes, 1 << 16));
        return _gemmSums = _device.Allocate(_gemmSumsBytes);
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
        if (!_device.Context.IsDisposed)
            foreach (var memory in (ReadOnlySpan<nint>)[_gemmWorkspace, _gemmSums, .. _outgrown]) _device.Free(memory);
        (_gemmWorkspace, _gemmSums, _gemmSumsBytes) = (0, 0, 0);
        _outgrown.Clear();
        _handle.Dispose();
    }
}
