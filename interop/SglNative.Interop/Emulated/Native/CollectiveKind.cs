namespace SglNative.Interop.Emulated.Native;

/// <summary>Collectives as kernels/host/runtime numbers them.</summary>
internal enum CollectiveKind
{
    AllReduce, AllGather, ReduceScatter, Broadcast,
}
