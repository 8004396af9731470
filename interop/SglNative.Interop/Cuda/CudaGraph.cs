using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.Cuda;

internal sealed unsafe class CudaGraph(CudaContext context, nint graph) : DeviceGraph
{
    private readonly CudaHandle _handle = new(context, graph, &CudaDriver.GraphDestroy);

    public nint Handle => _handle.Value;

    public override int NodeCount
    {
        get
        {
            context.MakeCurrent();
            nuint count = 0;
            CudaResult.Check(CudaDriver.GraphGetNodes(Handle, null, ref count), "cuGraphGetNodes");
            return (int)count;
        }
    }

    public override ExecutableGraph Instantiate()
    {
        context.MakeCurrent();
        CudaResult.Check(CudaDriver.GraphInstantiate(out var executable, Handle, 0), "cuGraphInstantiate");
        return new CudaExecutableGraph(context, executable);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _handle.Dispose();
    }
}
