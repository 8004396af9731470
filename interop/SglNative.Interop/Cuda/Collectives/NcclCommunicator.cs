using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Interop.Collectives;
using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.Cuda.Collectives;

internal sealed unsafe class NcclCommunicator : DeviceCommunicator
{
    // How long a call may be on its way when the group is to end: NCCL itself waits in some for its peers.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly CudaDevice _device;
    private readonly Lock _inUse = new();
    private nint _communicator;

    public NcclCommunicator(CudaDevice device, in CommunicatorId id, int rank, int size)
    {
        (_device, Rank, Size) = (device, rank, size);
        device.Context.MakeCurrent();
        Check(NcclApi.CommInitRank(out _communicator, size, id, rank), "ncclCommInitRank");
    }

    public override int Rank { get; }

    public override int Size { get; }

    public override void AllReduce(nint source, nint destination, long count, DType type, ReduceOperation operation, DeviceStream stream)
    {
        lock (_inUse) Check(NcclApi.AllReduce(source, destination, (nuint)count, Number(type), (int)operation, Current(), stream.Handle), "ncclAllReduce");
    }

    public override void AllGather(nint source, nint destination, long count, DType type, DeviceStream stream)
    {
        lock (_inUse) Check(NcclApi.AllGather(source, destination, (nuint)count, Number(type), Current(), stream.Handle), "ncclAllGather");
    }

    public override void ReduceScatter(nint source, nint destination, long count, DType type, ReduceOperation operation, DeviceStream stream)
    {
        lock (_inUse) Check(NcclApi.ReduceScatter(source, destination, (nuint)count, Number(type), (int)operation, Current(), stream.Handle), "ncclReduceScatter");
    }

    public override void Broadcast(nint source, nint destination, long count, DType type, int root, DeviceStream stream)
    {
        lock (_inUse) Check(NcclApi.Broadcast(source, destination, (nuint)count, Number(type), root, Current(), stream.Handle), "ncclBroadcast");
    }

    public override void Send(nint source, long count, DType type, int peer, DeviceStream stream)
    {
        lock (_inUse) Check(NcclApi.Send(source, (nuint)count, Number(type), peer, Current(), stream.Handle), "ncclSend");
    }

    public override void Receive(nint destination, long count, DType type, int peer, DeviceStream stream)
    {
        lock (_inUse) Check(NcclApi.Receive(destination, (nuint)count, Number(type), peer, Current(), stream.Handle), "ncclRecv");
    }

    public override void BeginGroup() => Check(NcclApi.GroupStart(), "ncclGroupStart");

    public override void EndGroup() => Check(NcclApi.GroupEnd(), "ncclGroupEnd");

    public override void Abort()
    {
        var entered = _inUse.TryEnter(Grace);
        try
        {
            var communicator = Interlocked.Exchange(ref _communicator, 0);
            if (communicator != 0) Check(NcclApi.CommAbort(communicator), "ncclCommAbort");
        }
        finally
        {
            if (entered) _inUse.Exit();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int result, string call)
    {
        if (result != 0) Throw(result, call);
    }

    protected override void Dispose(bool disposing)
    {
        var communicator = disposing ? Interlocked.Exchange(ref _communicator, 0) : 0;
        if (communicator == 0) return;
        _device.Context.MakeCurrent();
        Check(NcclApi.CommDestroy(communicator), "ncclCommDestroy");
    }

    private static void Throw(int result, string call) => throw new DeviceException(
        call, result, "NCCL", Marshal.PtrToStringUTF8((nint)NcclApi.GetErrorString(result)) ?? "no description");

    private nint Current()
    {
        _device.Context.MakeCurrent();
        return _communicator != 0 ? _communicator : throw new ObjectDisposedException(nameof(DeviceCommunicator));
    }

    // Numbers of ncclDataType_t.
    private static int Number(DType type) => type switch
    {
        DType.Int8 => 0,
        DType.UInt8 or DType.Bool => 1,
        DType.Int32 => 2,
        DType.Int64 => 4,
        DType.Float16 => 6,
        DType.Float32 => 7,
        DType.Float64 => 8,
        DType.BFloat16 => 9,
        _ => throw new ArgumentException($"NCCL does not move {type.TorchName()}; send it as uint8", nameof(type)),
    };
}
