using System.Runtime.InteropServices;
using SglNative.Interop.Cuda.Libraries;

namespace SglNative.Interop.Cuda.Native;

/// <summary>
/// cuda.h: devices, contexts, memory. Every function returns a <c>CUresult</c>. Names with a version suffix are given in full, so
/// that CUDA 12 and 13 drivers bind the same functions.
/// </summary>
internal static unsafe partial class CudaDriver
{
    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuInit")]
    public static partial int Init(uint flags);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuDriverGetVersion")]
    public static partial int DriverGetVersion(out int version);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuGetErrorName")]
    public static partial int GetErrorName(int error, out byte* name);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuGetErrorString")]
    public static partial int GetErrorString(int error, out byte* description);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuDeviceGetCount")]
    public static partial int DeviceGetCount(out int count);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuDeviceGet")]
    public static partial int DeviceGet(out int device, int ordinal);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuDeviceGetName")]
    public static partial int DeviceGetName(byte* name, int length, int device);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuDeviceTotalMem_v2")]
    public static partial int DeviceTotalMem(out nuint bytes, int device);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuDeviceGetAttribute")]
    public static partial int DeviceGetAttribute(out int value, CudaDeviceAttribute attribute, int device);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuDevicePrimaryCtxRetain")]
    public static partial int DevicePrimaryCtxRetain(out nint context, int device);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    public static partial int DevicePrimaryCtxRelease(int device);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuCtxSetCurrent")]
    public static partial int CtxSetCurrent(nint context);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuCtxPushCurrent_v2")]
    public static partial int CtxPushCurrent(nint context);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuCtxPopCurrent_v2")]
    public static partial int CtxPopCurrent(out nint context);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuCtxSynchronize")]
    public static partial int CtxSynchronize();

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuCtxGetStreamPriorityRange")]
    public static partial int CtxGetStreamPriorityRange(out int least, out int greatest);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuDeviceCanAccessPeer")]
    public static partial int DeviceCanAccessPeer(out int can, int device, int peer);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuCtxEnablePeerAccess")]
    public static partial int CtxEnablePeerAccess(nint peerContext, uint flags);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemGetInfo_v2")]
    public static partial int MemGetInfo(out nuint free, out nuint total);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemAlloc_v2")]
    public static partial int MemAlloc(out nint address, nuint bytes);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemFree_v2")]
    public static partial int MemFree(nint address);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemHostAlloc")]
    public static partial int MemHostAlloc(out nint address, nuint bytes, uint flags);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemFreeHost")]
    public static partial int MemFreeHost(nint address);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemcpyHtoD_v2")]
    public static partial int MemcpyHtoD(nint destination, nint source, nuint bytes);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemcpyDtoH_v2")]
    public static partial int MemcpyDtoH(nint destination, nint source, nuint bytes);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemcpyHtoDAsync_v2")]
    public static partial int MemcpyHtoDAsync(nint destination, nint source, nuint bytes, nint stream);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemcpyDtoHAsync_v2")]
    public static partial int MemcpyDtoHAsync(nint destination, nint source, nuint bytes, nint stream);

    /// <summary>Between any two addresses of the unified address space, those of peers included.</summary>
    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemcpyAsync")]
    public static partial int MemcpyAsync(nint destination, nint source, nuint bytes, nint stream);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemsetD8Async")]
    public static partial int MemsetD8Async(nint destination, byte value, nuint count, nint stream);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemsetD32Async")]
    public static partial int MemsetD32Async(nint destination, uint value, nuint count, nint stream);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemGetAllocationGranularity")]
    public static partial int MemGetAllocationGranularity(out nuint granularity, in CudaAllocationProperties properties, uint option);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemAddressReserve")]
    public static partial int MemAddressReserve(out nint address, nuint bytes, nuint alignment, nint wanted, ulong flags);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemAddressFree")]
    public static partial int MemAddressFree(nint address, nuint bytes);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemCreate")]
    public static partial int MemCreate(out ulong allocation, nuint bytes, in CudaAllocationProperties properties, ulong flags);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemRelease")]
    public static partial int MemRelease(ulong allocation);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemMap")]
    public static partial int MemMap(nint address, nuint bytes, nuint offset, ulong allocation, ulong flags);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemUnmap")]
    public static partial int MemUnmap(nint address, nuint bytes);

    [LibraryImport(CudaLibraryNames.Driver, EntryPoint = "cuMemSetAccess")]
    public static partial int MemSetAccess(nint address, nuint bytes, CudaAccessDescriptor* access, nuint count);
}
