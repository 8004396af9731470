using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.Cuda.Gemm;

/// <summary>cublasStatus_t as exceptions, and cudaDataType.</summary>
internal static unsafe class CublasLtStatus
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int status, string call)
    {
        if (status != CublasLtApi.Success) Throw(status, call);
    }

    public static void Throw(int status, string call)
    {
        var name = Marshal.PtrToStringUTF8((nint)CublasLtApi.GetStatusName(status)) ?? "unknown";
        if (status == CublasLtApi.AllocationFailed) throw new DeviceOutOfMemoryException($"{call} failed: {name}");
        throw new DeviceException(call, status, name, Marshal.PtrToStringUTF8((nint)CublasLtApi.GetStatusString(status)) ?? "no description");
    }

    /// <summary>The number of a cudaDataType.</summary>
    public static int DataType(DType type) => type switch
    {
        DType.Float32 => 0,
        DType.Float16 => 2,
        DType.Int8 => 3,
        DType.BFloat16 => 14,
        DType.Float8E4M3 => 28,
        DType.Float8E5M2 => 29,
        _ => throw new ArgumentException($"there is no matrix product of {type.TorchName()}", nameof(type)),
    };
}
