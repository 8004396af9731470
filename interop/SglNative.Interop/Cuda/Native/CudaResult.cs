using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SglNative.Interop.Cuda.Native;

/// <summary>CUresult: the numbers that are treated specially, and how they become exceptions.</summary>
internal static unsafe class CudaResult
{
    public const int Success = 0, OutOfMemory = 2, StubLibrary = 34, DeviceUnavailable = 46, NoDevice = 100, NotFound = 500, NotReady = 600,
        PeerAccessAlreadyEnabled = 704, SystemNotReady = 802, SystemDriverMismatch = 803, CompatNotSupported = 804, GraphExecUpdateFailure = 910;

    /// <summary>Throws unless <paramref name="result"/> is success; <paramref name="call"/> is a constant, so that success costs nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int result, string call)
    {
        if (result != Success) Throw(result, call);
    }

    [DoesNotReturn]
    public static void Throw(int result, string call)
    {
        if (result == OutOfMemory) throw new DeviceOutOfMemoryException($"{call} failed: out of device memory");
        throw new DeviceException(call, result, Name(result), Description(result)) { IsFatal = IsFatal(result) };
    }

    public static string Name(int result) =>
        CudaDriver.GetErrorName(result, out var text) == Success ? Marshal.PtrToStringUTF8((nint)text)! : "unknown error";

    public static string Description(int result) =>
        CudaDriver.GetErrorString(result, out var text) == Success ? Marshal.PtrToStringUTF8((nint)text)! : "no description";

    // Errors of running kernels, and hardware errors, take the context with them.
    public static bool IsFatal(int result) => result is 214 or 220 or 226 or 700 or 702 or 709 or 710 or (>= 714 and <= 719) or 721 or 999;
}
