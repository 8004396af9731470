using ManagedCuda;
using ManagedCuda.BasicTypes;
using SglNative.Interop.Cuda.Native;
using static SglNative.Interop.ManagedCuda.ManagedCudaCall;

namespace SglNative.Interop.ManagedCuda;

internal sealed class ManagedCudaExecutableGraph(ManagedCudaContext context, CUgraphExec executable) : ExecutableGraph
{
    private readonly ManagedCudaHandle _handle =
        new(context, executable.Pointer, pointer => DriverAPINativeMethods.GraphManagment.cuGraphExecDestroy(new CUgraphExec { Pointer = pointer }));

    private CUgraphExec Native => new() { Pointer = _handle.Value };

    public override void Launch(DeviceStream stream)
    {
        context.MakeCurrent();
        Check(DriverAPINativeMethods.GraphManagment.cuGraphLaunch(Native, ((ManagedCudaStream)stream).Native), "cuGraphLaunch");
    }

    public override void Upload(DeviceStream stream)
    {
        context.MakeCurrent();
        Check(DriverAPINativeMethods.GraphManagment.cuGraphUpload(Native, ((ManagedCudaStream)stream).Native), "cuGraphUpload");
    }

    public override bool TryUpdate(DeviceGraph graph)
    {
        context.MakeCurrent();
        var info = new CUgraphExecUpdateResultInfo();
        var result = DriverAPINativeMethods.GraphManagment.cuGraphExecUpdate(Native, ((ManagedCudaGraph)graph).Native, ref info);
        if ((int)result == CudaResult.GraphExecUpdateFailure) return false;
        Check(result, "cuGraphExecUpdate");
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _handle.Dispose();
    }
}
