using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ManagedCuda;
using ManagedCuda.BasicTypes;
using ManagedCuda.CudaBlas;
using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.ManagedCuda;

/// <summary>The packages' results as this project's exceptions, and its addresses as theirs.</summary>
internal static class ManagedCudaCall
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(CUResult result, string call)
    {
        if (result != CUResult.Success) Throw(result, call);
    }

    public static void Check(CublasStatus status, string call)
    {
        if (status != CublasStatus.Success) Throw(status, call);
    }

    public static CUdeviceptr At(nint address) => new() { Pointer = address };

    public static nint Address(CUdeviceptr pointer) => (nint)(long)pointer.Pointer;

    [DoesNotReturn]
    public static void Throw(CUResult result, string call)
    {
        if (result == CUResult.ErrorOutOfMemory) throw new DeviceOutOfMemoryException($"{call} failed: out of device memory");
        nint name = 0, description = 0;
        _ = DriverAPINativeMethods.ErrorHandling.cuGetErrorName(result, ref name);
        _ = DriverAPINativeMethods.ErrorHandling.cuGetErrorString(result, ref description);
        throw new DeviceException(call, (int)result, Marshal.PtrToStringUTF8(name) ?? result.ToString(), Marshal.PtrToStringUTF8(description) ?? "no description")
        {
            IsFatal = CudaResult.IsFatal((int)result),
        };
    }

    [DoesNotReturn]
    private static void Throw(CublasStatus status, string call) =>
        throw new DeviceException(call, (int)status, $"CUBLAS_STATUS {status}", "cuBLAS refuses or failed the product");
}
