using System.Text;
using SglNative.Core.Tensors;
using SglNative.Interop.Collectives;
using SglNative.Interop.Emulated.Native;

namespace SglNative.Interop.Emulated;

internal sealed class EmulatedCommunicator : DeviceCommunicator
{
    private nint _handle;

    public EmulatedCommunicator(EmulatedDevice device, in CommunicatorId id, int rank, int size)
    {
        (Rank, Size) = (rank, size);
        ReadOnlySpan<byte> bytes = id;
        EmulationStatus.Check(EmulationApi.CommunicatorJoin(device.Handle, Convert.ToHexStringLower(bytes), rank, size, out _handle));
    }

    public override int Rank { get; }

    public override int Size { get; }

    public static CommunicatorId CreateId()
    {
        var id = default(CommunicatorId);
        Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N")).CopyTo((Span<byte>)id);
        return id;
    }

    public override void AllReduce(nint source, nint destination, long count, DType type, ReduceOperation operation, DeviceStream stream) =>
        Call(CollectiveKind.AllReduce, source, destination, count, type, stream, Number(operation));

    public override void AllGather(nint source, nint destination, long count, DType type, DeviceStream stream) =>
        Call(CollectiveKind.AllGather, source, destination, count, type, stream);

    public override void ReduceScatter(nint source, nint destination, long count, DType type, ReduceOperation operation, DeviceStream stream) =>
        Call(CollectiveKind.ReduceScatter, source, destination, count, type, stream, Number(operation));

    public override void Broadcast(nint source, nint destination, long count, DType type, int root, DeviceStream stream) =>
        Call(CollectiveKind.Broadcast, source, destination, count, type, stream, root: root);

    public override void Send(nint source, long count, DType type, int peer, DeviceStream stream) =>
        EmulationStatus.Check(EmulationApi.CommunicatorTransfer(Handle, stream.Handle, 1, source, (ulong)count, type.ToElementType(), peer));

    public override void Receive(nint destination, long count, DType type, int peer, DeviceStream stream) =>
        EmulationStatus.Check(EmulationApi.CommunicatorTransfer(Handle, stream.Handle, 0, destination, (ulong)count, type.ToElementType(), peer));

    public override void BeginGroup() => EmulationApi.CommunicatorGroup(Handle, 1);

    public override void EndGroup() => EmulationApi.CommunicatorGroup(Handle, 0);

    public override void Abort() => EmulationApi.CommunicatorAbort(Handle);

    protected override void Dispose(bool disposing)
    {
        if (disposing && _handle != 0) EmulationApi.CommunicatorLeave(_handle);
        _handle = 0;
    }

    private nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, typeof(DeviceCommunicator));
            return _handle;
        }
    }

    private void Call(CollectiveKind kind, nint source, nint destination, long count, DType type, DeviceStream stream, int operation = 0, int root = 0) =>
        EmulationStatus.Check(
            EmulationApi.CommunicatorCall(Handle, stream.Handle, kind, source, destination, (ulong)count, type.ToElementType(), operation, root));

    private static int Number(ReduceOperation operation) => (int)operation;
}
