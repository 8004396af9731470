using SglNative.Core.Tensors;

namespace SglNative.Interop.Collectives;

/// <summary>
/// One rank's membership in a group of devices. All ranks make the same calls in the same order, each from its own thread.
/// Counts are elements. Source and destination may be the same address.
/// </summary>
public abstract class DeviceCommunicator : DeviceResource
{
    /// <summary>This rank, from 0.</summary>
    public abstract int Rank { get; }

    /// <summary>Number of ranks.</summary>
    public abstract int Size { get; }

    /// <summary>Every rank gets the reduction of all ranks' <paramref name="count"/> elements.</summary>
    public abstract void AllReduce(nint source, nint destination, long count, DType type, ReduceOperation operation, DeviceStream stream);

    /// <summary>Every rank gets all ranks' <paramref name="count"/> elements, in order of rank.</summary>
    public abstract void AllGather(nint source, nint destination, long count, DType type, DeviceStream stream);

    /// <summary>Rank r gets elements [r·count, (r+1)·count) of the reduction.</summary>
    public abstract void ReduceScatter(nint source, nint destination, long count, DType type, ReduceOperation operation, DeviceStream stream);

    /// <summary>Every rank gets <paramref name="root"/>'s elements.</summary>
    public abstract void Broadcast(nint source, nint destination, long count, DType type, int root, DeviceStream stream);

    /// <summary>Sends to <paramref name="peer"/>, which receives. Between <see cref="BeginGroup"/> and <see cref="EndGroup"/> the order does not matter.</summary>
    public abstract void Send(nint source, long count, DType type, int peer, DeviceStream stream);

    /// <summary>Receives what <paramref name="peer"/> sends.</summary>
    public abstract void Receive(nint destination, long count, DType type, int peer, DeviceStream stream);

    /// <summary>Calls of this thread from here to <see cref="EndGroup"/> act as one.</summary>
    public abstract void BeginGroup();

    /// <summary>Starts the calls since <see cref="BeginGroup"/>.</summary>
    public abstract void EndGroup();

    /// <summary>Frees ranks that wait for one that will never come; the group is unusable afterwards. Any thread may call.</summary>
    public abstract void Abort();
}
