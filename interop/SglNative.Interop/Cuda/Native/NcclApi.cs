using System.Runtime.InteropServices;
using SglNative.Interop.Collectives;
using SglNative.Interop.Cuda.Libraries;

namespace SglNative.Interop.Cuda.Native;

/// <summary>nccl.h. Every function returns an <c>ncclResult_t</c> (0: success) unless it says otherwise.</summary>
internal static unsafe partial class NcclApi
{
    /// <summary>Returns a static C string.</summary>
    [LibraryImport(CudaLibraryNames.Nccl, EntryPoint = "ncclGetErrorString")]
    public static partial byte* GetErrorString(int result);

    [LibraryImport(CudaLibraryNames.Nccl, EntryPoint = "ncclGetUniqueId")]
    public static partial int GetUniqueId(out CommunicatorId id);

    [LibraryImport(CudaLibraryNames.Nccl, EntryPoint = "ncclCommInitRank")]
    public static partial int CommInitRank(out nint communicator, int size, CommunicatorId id, int rank);

    [LibraryImport(CudaLibraryNames.Nccl, EntryPoint = "ncclCommDestroy")]
    public static partial int CommDestroy(nint communicator);

    [LibraryImport(CudaLibraryNames.Nccl, EntryPoint = "ncclCommAbort")]
    public static partial int CommAbort(nint communicator);

    [LibraryImport(CudaLibraryNames.Nccl, EntryPoint = "ncclAllReduce")]
    public static partial int AllReduce(nint source, nint destination, nuint count, int type, int operation, nint communicator, nint stream);

    [LibraryImport(CudaLibraryNames.Nccl, EntryPoint = "ncclAllGather")]
    public static partial int AllGather(nint source, nint destination, nuint count, int type, nint communicator, nint stream);

    [LibraryImport(CudaLibraryNames.Nccl, EntryPoint = "ncclReduceScatter")]
    public static partial int ReduceScatter(nint source, nint destination, nuint count, int type, int operation, nint communicator, nint stream);

    [LibraryImport(CudaLibraryNames.Nccl, EntryPoint = "ncclBroadcast")]
    public static partial int Broadcast(nint source, nint destination, nuint count, int type, int root, nint communicator, nint stream);

    [LibraryImport(CudaLibraryNames.Nccl, EntryPoint = "ncclSend")]
    public static partial int Send(nint source, nuint count, int type, int peer, nint communicator, nint stream);

    [LibraryImport(CudaLibraryNames.Nccl, EntryPoint = "ncclRecv")]
    public static partial int Receive(nint destination, nuint count, int type, int peer, nint communicator, nint stream);

    [LibraryImport(CudaLibraryNames.Nccl, EntryPoint = "ncclGroupStart")]
    public static partial int GroupStart();

    [LibraryImport(CudaLibraryNames.Nccl, EntryPoint = "ncclGroupEnd")]
    public static partial int GroupEnd();
}
