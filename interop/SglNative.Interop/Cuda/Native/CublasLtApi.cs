using System.Runtime.InteropServices;
using SglNative.Interop.Cuda.Libraries;

namespace SglNative.Interop.Cuda.Native;

/// <summary>cublasLt.h. Every function returns a <c>cublasStatus_t</c> (0: success) unless it says otherwise.</summary>
internal static unsafe partial class CublasLtApi
{
    public const int Success = 0, AllocationFailed = 3, NotSupported = 15;

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtCreate")]
    public static partial int Create(out nint handle);

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtDestroy")]
    public static partial int Destroy(nint handle);

    /// <summary>Returns 120405 for 12.4.5.</summary>
    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtGetVersion")]
    public static partial nuint GetVersion();

    /// <summary>Returns a static C string.</summary>
    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtGetStatusName")]
    public static partial byte* GetStatusName(int status);

    /// <summary>Returns a static C string.</summary>
    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtGetStatusString")]
    public static partial byte* GetStatusString(int status);

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtMatmulDescCreate")]
    public static partial int MatmulDescCreate(out nint description, int computeType, int scaleType);

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtMatmulDescDestroy")]
    public static partial int MatmulDescDestroy(nint description);

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtMatmulDescSetAttribute")]
    public static partial int MatmulDescSetAttribute(nint description, CublasLtMatmulAttribute attribute, void* value, nuint size);

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtMatrixLayoutCreate")]
    public static partial int MatrixLayoutCreate(out nint layout, int type, ulong rows, ulong columns, long leading);

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtMatrixLayoutDestroy")]
    public static partial int MatrixLayoutDestroy(nint layout);

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtMatrixLayoutSetAttribute")]
    public static partial int MatrixLayoutSetAttribute(nint layout, CublasLtLayoutAttribute attribute, void* value, nuint size);

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtMatmulPreferenceCreate")]
    public static partial int MatmulPreferenceCreate(out nint preference);

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtMatmulPreferenceDestroy")]
    public static partial int MatmulPreferenceDestroy(nint preference);

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtMatmulPreferenceSetAttribute")]
    public static partial int MatmulPreferenceSetAttribute(nint preference, CublasLtPreferenceAttribute attribute, void* value, nuint size);

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtMatmulAlgoGetHeuristic")]
    public static partial int MatmulAlgoGetHeuristic(
        nint handle, nint description, nint a, nint b, nint c, nint d, nint preference, int requested, CublasLtHeuristicResult* results, out int found);

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtMatmulAlgoCheck")]
    public static partial int MatmulAlgoCheck(
        nint handle, nint description, nint a, nint b, nint c, nint d, CublasLtAlgorithm* algorithm, CublasLtHeuristicResult* result);

    [LibraryImport(CudaLibraryNames.CublasLt, EntryPoint = "cublasLtMatmul")]
    public static partial int Matmul(
        nint handle, nint description, float* alpha, nint a, nint layoutA, nint b, nint layoutB, float* beta, nint c, nint layoutC, nint d, nint layoutD,
        CublasLtAlgorithm* algorithm, nint workspace, nuint workspaceBytes, nint stream);
}
