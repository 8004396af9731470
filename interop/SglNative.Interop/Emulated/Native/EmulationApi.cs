using System.Runtime.InteropServices;

namespace SglNative.Interop.Emulated.Native;

/// <summary>The runtime of emulated devices (kernels/host/runtime), which <see cref="Compilation.EmulationRuntime"/> builds and loads.</summary>
internal static unsafe partial class EmulationApi
{
    /// <summary>Name in the imports; there is no file of that name.</summary>
    public const string Library = "sgl-emulation";

    [LibraryImport(Library, EntryPoint = "sgl_message")]
    public static partial nint Message();

    [LibraryImport(Library, EntryPoint = "sgl_device_open")]
    public static partial int DeviceOpen(int ordinal, ulong memory, int checkMemory, out nint device);

    [LibraryImport(Library, EntryPoint = "sgl_device_close")]
    public static partial void DeviceClose(nint device);

    [LibraryImport(Library, EntryPoint = "sgl_device_synchronize")]
    public static partial int DeviceSynchronize(nint device);

    [LibraryImport(Library, EntryPoint = "sgl_device_allow_peer")]
    public static partial int DeviceAllowPeer(nint device, nint peer);

    [LibraryImport(Library, EntryPoint = "sgl_device_launched")]
    public static partial nint DeviceLaunched(nint device, int index);

    [LibraryImport(Library, EntryPoint = "sgl_memory_free_bytes")]
    public static partial ulong MemoryFreeBytes(nint device);

    [LibraryImport(Library, EntryPoint = "sgl_memory_allocate")]
    public static partial int MemoryAllocate(nint device, ulong bytes, out nint address);

    [LibraryImport(Library, EntryPoint = "sgl_memory_free")]
    public static partial int MemoryFree(nint device, nint address);

    [LibraryImport(Library, EntryPoint = "sgl_memory_reserve")]
    public static partial int MemoryReserve(nint device, ulong bytes, out nint address);

    [LibraryImport(Library, EntryPoint = "sgl_memory_map")]
    public static partial int MemoryMap(nint device, nint address, ulong bytes);

    [LibraryImport(Library, EntryPoint = "sgl_memory_unmap")]
    public static partial void MemoryUnmap(nint device, nint address, ulong bytes);

    [LibraryImport(Library, EntryPoint = "sgl_memory_release")]
    public static partial void MemoryRelease(nint device, nint address, ulong bytes);

    [LibraryImport(Library, EntryPoint = "sgl_pinned_add")]
    public static partial void PinnedAdd(nint address, ulong bytes);

    [LibraryImport(Library, EntryPoint = "sgl_pinned_remove")]
    public static partial void PinnedRemove(nint address);

    [LibraryImport(Library, EntryPoint = "sgl_copy_to_device")]
    public static partial int CopyToDevice(nint device, nint to, nint from, ulong bytes);

    [LibraryImport(Library, EntryPoint = "sgl_copy_to_host")]
    public static partial int CopyToHost(nint device, nint to, nint from, ulong bytes);

    [LibraryImport(Library, EntryPoint = "sgl_stream_create")]
    public static partial int StreamCreate(nint device, out nint stream);

    [LibraryImport(Library, EntryPoint = "sgl_stream_destroy")]
    public static partial void StreamDestroy(nint stream);

    [LibraryImport(Library, EntryPoint = "sgl_stream_idle")]
    public static partial int StreamIdle(nint stream);

    [LibraryImport(Library, EntryPoint = "sgl_stream_synchronize")]
    public static partial int StreamSynchronize(nint stream);

    [LibraryImport(Library, EntryPoint = "sgl_stream_copy")]
    public static partial int StreamCopy(nint stream, nint to, nint from, ulong bytes, int toDevice, int fromDevice);

    [LibraryImport(Library, EntryPoint = "sgl_stream_fill")]
    public static partial int StreamFill(nint stream, nint to, uint value, int width, ulong count);

    [LibraryImport(Library, EntryPoint = "sgl_stream_mark")]
    public static partial int StreamMark(nint stream, nint address, ulong bytes, int handedOut);

    [LibraryImport(Library, EntryPoint = "sgl_stream_record")]
    public static partial int StreamRecord(nint stream, nint mark);

    [LibraryImport(Library, EntryPoint = "sgl_stream_wait")]
    public static partial int StreamWait(nint stream, nint mark);

    [LibraryImport(Library, EntryPoint = "sgl_stream_begin_capture")]
    public static partial int StreamBeginCapture(nint stream);

    [LibraryImport(Library, EntryPoint = "sgl_stream_end_capture")]
    public static partial int StreamEndCapture(nint stream, out nint graph, out int nodes);

    [LibraryImport(Library, EntryPoint = "sgl_stream_capturing")]
    public static partial int StreamCapturing(nint stream);

    [LibraryImport(Library, EntryPoint = "sgl_event_create")]
    public static partial nint EventCreate();

    [LibraryImport(Library, EntryPoint = "sgl_event_destroy")]
    public static partial void EventDestroy(nint mark);

    [LibraryImport(Library, EntryPoint = "sgl_event_completed")]
    public static partial int EventCompleted(nint mark);

    [LibraryImport(Library, EntryPoint = "sgl_event_synchronize")]
    public static partial int EventSynchronize(nint device, nint mark);

    [LibraryImport(Library, EntryPoint = "sgl_event_milliseconds")]
    public static partial double EventMilliseconds(nint mark);

    [LibraryImport(Library, EntryPoint = "sgl_graph_copy")]
    public static partial nint GraphCopy(nint graph);

    [LibraryImport(Library, EntryPoint = "sgl_graph_destroy")]
    public static partial void GraphDestroy(nint graph);

    [LibraryImport(Library, EntryPoint = "sgl_graph_update")]
    public static partial int GraphUpdate(nint executable, nint graph);

    [LibraryImport(Library, EntryPoint = "sgl_graph_launch")]
    public static partial int GraphLaunch(nint executable, nint stream);

    [LibraryImport(Library, EntryPoint = "sgl_module_load", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ModuleLoad(nint device, string path, out nint module);

    [LibraryImport(Library, EntryPoint = "sgl_module_unload")]
    public static partial void ModuleUnload(nint module);

    [LibraryImport(Library, EntryPoint = "sgl_function_get", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FunctionGet(nint module, int number, string name, out nint function);

    [LibraryImport(Library, EntryPoint = "sgl_function_release")]
    public static partial void FunctionRelease(nint function);

    [LibraryImport(Library, EntryPoint = "sgl_function_launch")]
    public static partial int FunctionLaunch(LaunchRequest* request);

    [LibraryImport(Library, EntryPoint = "sgl_function_static_shared")]
    public static partial int FunctionStaticShared(nint function);

    [LibraryImport(Library, EntryPoint = "sgl_function_max_threads")]
    public static partial int FunctionMaxThreads(nint function);

    [LibraryImport(Library, EntryPoint = "sgl_function_parameters")]
    public static partial int FunctionParameters(nint function, out int* sizes);

    [LibraryImport(Library, EntryPoint = "sgl_function_set_dynamic")]
    public static partial void FunctionSetDynamic(nint function, int bytes);

    [LibraryImport(Library, EntryPoint = "sgl_function_allow_large_clusters")]
    public static partial void FunctionAllowLargeClusters(nint function);

    [LibraryImport(Library, EntryPoint = "sgl_function_active_blocks")]
    public static partial int FunctionActiveBlocks(nint device, nint function, int threads, int dynamicSharedMemory);

    [LibraryImport(Library, EntryPoint = "sgl_gemm")]
    public static partial int Gemm(nint stream, GemmRequest* request);

    [LibraryImport(Library, EntryPoint = "sgl_communicator_join", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CommunicatorJoin(nint device, string id, int rank, int size, out nint communicator);

    [LibraryImport(Library, EntryPoint = "sgl_communicator_leave")]
    public static partial void CommunicatorLeave(nint communicator);

    [LibraryImport(Library, EntryPoint = "sgl_communicator_abort")]
    public static partial void CommunicatorAbort(nint communicator);

    [LibraryImport(Library, EntryPoint = "sgl_communicator_call")]
    public static partial int CommunicatorCall(
        nint communicator, nint stream, CollectiveKind kind, nint from, nint to, ulong count, ElementType type, int operation, int root);

    [LibraryImport(Library, EntryPoint = "sgl_communicator_transfer")]
    public static partial int CommunicatorTransfer(nint communicator, nint stream, int send, nint memory, ulong count, ElementType type, int peer);

    [LibraryImport(Library, EntryPoint = "sgl_communicator_group")]
    public static partial void CommunicatorGroup(nint communicator, int begin);
}
