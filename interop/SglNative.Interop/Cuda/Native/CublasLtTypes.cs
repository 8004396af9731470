using System.Runtime.InteropServices;

namespace SglNative.Interop.Cuda.Native;

/// <summary>cublasLtMatmulAlgo_t: opaque; may be stored and used again with the same version of the library.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CublasLtAlgorithm
{
    public const int Size = 64;

    public fixed ulong Data[8];
}

/// <summary>cublasLtMatmulHeuristicResult_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CublasLtHeuristicResult
{
    public CublasLtAlgorithm Algorithm;
    public nuint WorkspaceSize;
    public int State;
    public float WavesCount;
    public fixed int Reserved[4];
}

/// <summary>cublasLtMatmulDescAttributes_t.</summary>
internal enum CublasLtMatmulAttribute
{
    TransposeA = 3,
    TransposeB = 4,
    Epilogue = 7,
    BiasPointer = 8,
    ScalePointerA = 17,
    ScalePointerB = 18,
}

/// <summary>cublasLtMatrixLayoutAttribute_t.</summary>
internal enum CublasLtLayoutAttribute
{
    BatchCount = 5,
    StridedBatchOffset = 6,
}

/// <summary>cublasLtMatmulPreferenceAttributes_t.</summary>
internal enum CublasLtPreferenceAttribute
{
    MaxWorkspaceBytes = 1,
    ReductionSchemeMask = 3,
    MinAlignmentA = 5,
    MinAlignmentB = 6,
    MinAlignmentC = 7,
    MinAlignmentD = 8,
}
