using SglNative.Core.Tensors;
using SglNative.Interop;
using SglNative.Interop.Collectives;

namespace SglNative.Cuda.Rehearsal;

/// <summary>A rank whose group is not there: what it would do together with others is done at once, and moves nothing.</summary>
internal sealed class RehearsalCommunicator(int rank, int size) : DeviceCommunicator
{
    public override int Rank => rank;

    public override int Size => size;

    public override void AllReduce(nint source, nint destination, long count, DType type, ReduceOperation operation, DeviceStream stream) { }

    public override void AllGather(nint source, nint destination, long count, DType type, DeviceStream stream) { }

    public override void ReduceScatter(nint source, nint destination, long count, DType type, ReduceOperation operation, DeviceStream stream) { }

    public override void Broadcast(nint source, nint destination, long count, DType type, int root, DeviceStream stream) { }

    public override void Send(nint source, long count, DType type, int peer, DeviceStream stream) { }

    public override void Receive(nint destination, long count, DType type, int peer, DeviceStream stream) { }

    public override void BeginGroup() { }

    public override void EndGroup() { }

    public override void Abort() { }

    protected override void Dispose(bool disposing) { }
}
