using System.Runtime.InteropServices;
using SglNative.Interop.Cuda.Libraries;

namespace SglNative.Interop.Cuda.Native;

/// <summary>cuda.h: streams, events, modules, launches, graphs.</summary>
internal static unsafe partial class CudaDriver
{
    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuStreamCreateWithPriority")]
    public static partial int StreamCreateWithPriority(out nint stream, uint flags, int priority);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuStreamDestroy_v2")]
    public static partial int StreamDestroy(nint stream);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuStreamSynchronize")]
    public static partial int StreamSynchronize(nint stream);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuStreamQuery")]
    public static partial int StreamQuery(nint stream);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuStreamWaitEvent")]
    public static partial int StreamWaitEvent(nint stream, nint mark, uint flags);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuStreamBeginCapture_v2")]
    public static partial int StreamBeginCapture(nint stream, CudaCaptureMode mode);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuStreamEndCapture")]
    public static partial int StreamEndCapture(nint stream, out nint graph);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuStreamIsCapturing")]
    public static partial int StreamIsCapturing(nint stream, out int status);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuEventCreate")]
    public static partial int EventCreate(out nint mark, uint flags);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuEventDestroy_v2")]
    public static partial int EventDestroy(nint mark);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuEventRecord")]
    public static partial int EventRecord(nint mark, nint stream);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuEventQuery")]
    public static partial int EventQuery(nint mark);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuEventSynchronize")]
    public static partial int EventSynchronize(nint mark);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuEventElapsedTime")]
    public static partial int EventElapsedTime(out float milliseconds, nint start, nint end);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuModuleLoadDataEx")]
    public static partial int ModuleLoadData(out nint module, byte* image, uint optionCount, CudaJitOption* options, nint* values);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuModuleUnload")]
    public static partial int ModuleUnload(nint module);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuModuleGetFunction", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ModuleGetFunction(out nint function, nint module, string name);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuFuncGetAttribute")]
    public static partial int FuncGetAttribute(out int value, CudaFunctionAttribute attribute, nint function);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuFuncSetAttribute")]
    public static partial int FuncSetAttribute(nint function, CudaFunctionAttribute attribute, int value);

    /// <summary>Since CUDA 12.4; ask <see cref="CudaLibraries.HasSymbol"/> first.</summary>
    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuFuncGetParamInfo")]
    public static partial int FuncGetParamInfo(nint function, nuint index, out nuint offset, out nuint size);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuOccupancyMaxActiveBlocksPerMultiprocessor")]
    public static partial int OccupancyMaxActiveBlocks(out int blocks, nint function, int blockSize, nuint dynamicSharedMemory);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuOccupancyMaxActiveClusters")]
    public static partial int OccupancyMaxActiveClusters(out int clusters, nint function, CudaLaunchConfig* config);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuLaunchKernelEx")]
    public static partial int LaunchKernelEx(CudaLaunchConfig* config, nint function, nint* parameters, nint* extra);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuTensorMapEncodeTiled")]
    public static partial int TensorMapEncodeTiled(
        void* map, int type, uint rank, nint address, ulong* sizes, ulong* strides, uint* box, uint* elementStrides,
        int interleave, int swizzle, int promotion, int fill);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuGraphGetNodes")]
    public static partial int GraphGetNodes(nint graph, nint* nodes, ref nuint count);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuGraphInstantiateWithFlags")]
    public static partial int GraphInstantiate(out nint executable, nint graph, ulong flags);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuGraphDestroy")]
    public static partial int GraphDestroy(nint graph);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuGraphExecDestroy")]
    public static partial int GraphExecDestroy(nint executable);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuGraphExecUpdate_v2")]
    public static partial int GraphExecUpdate(nint executable, nint graph, out CudaGraphUpdateResult result);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuGraphUpload")]
    public static partial int GraphUpload(nint executable, nint stream);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuGraphLaunch")]
    public static partial int GraphLaunch(nint executable, nint stream);
}
