using ManagedCuda;
using ManagedCuda.BasicTypes;
using static SglNative.Interop.ManagedCuda.ManagedCudaCall;

namespace SglNative.Interop.ManagedCuda;

internal sealed class ManagedCudaGraph(ManagedCudaContext context, CUgraph graph) : DeviceGraph
{
    private readonly ManagedCudaHandle _handle =
        new(context, graph.Pointer, pointer => DriverAPINativeMethods.GraphManagment.cuGraphDestroy(new CUgraph { Pointer = pointer }));

    public CUgraph Native => new() { Pointer = _handle.Value };

    public override int NodeCount
    {
        get
        {
            context.MakeCurrent();
            SizeT count = 0;
            Check(DriverAPINativeMethods.GraphManagment.cuGraphGetNodes(Native, null, ref count), "cuGraphGetNodes");
            return count;
        }
    }

    public override ExecutableGraph Instantiate()
    {
        context.MakeCurrent();
        var executable = new CUgraphExec();
        Check(DriverAPINativeMethods.GraphManagment.cuGraphInstantiate(ref executable, Native, CUgraphInstantiate_flags.None), "cuGraphInstantiate");
        return new ManagedCudaExecutableGraph(context, executable);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _handle.Dispose();
    }
}
