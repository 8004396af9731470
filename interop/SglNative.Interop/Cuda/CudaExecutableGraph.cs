using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.Cuda;

internal sealed unsafe class CudaExecutableGraph(CudaContext context, nint executable) : ExecutableGraph
{
    private readonly CudaHandle _handle = new(context, executable, &CudaDriver.GraphExecDestroy);

    public override void Launch(DeviceStream stream)
    {
        context.MakeCurrent();
        CudaResult.Check(CudaDriver.GraphLaunch(_handle.Value, stream.Handle), "cuGraphLaunch");
    }

    public override void Upload(DeviceStream stream)
    {
        context.MakeCurrent();
        CudaResult.Check(CudaDriver.GraphUpload(_handle.Value, stream.Handle), "cuGraphUpload");
    }

    public override bool TryUpdate(DeviceGraph graph)
    {
        context.MakeCurrent();
        var result = CudaDriver.GraphExecUpdate(_handle.Value, ((CudaGraph)graph).Handle, out _);
        if (result == CudaResult.GraphExecUpdateFailure) return false;
        CudaResult.Check(result, "cuGraphExecUpdate");
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _handle.Dispose();
    }
}
