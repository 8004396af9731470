using SglNative.Core.Tensors;
using SglNative.Interop.Cuda.Native;
using SglNative.Interop.Gemm;

namespace SglNative.Interop.Cuda.Gemm;

/// <summary>
/// A described product as cuBLASLt wants it, with its algorithm. cuBLASLt is column-major: our row-major C = A·B is its Cᵀ = Bᵀ·Aᵀ, so
/// its first operand is our B, its rows are our N and its columns our M; the bias over its rows is then our bias over N.
/// </summary>
internal sealed unsafe class CublasLtPlan : IDisposable
{
    private const int ComputeFloat32 = 68, ComputeTensorFloat32 = 77, TypeFloat32 = 0, Transposed = 1, EpilogueBias = 4, NoReduction = 0,
        ReductionInFloat32 = 2;
    private readonly GemmDescription _description;
    private readonly int _alignment;
    private nint _matmul, _layoutA, _layoutB, _layoutC;

    public CublasLtPlan(in GemmDescription description, int alignment)
    {
        (_description, _alignment) = (description, alignment);
        try
        {
            var compute = description is { TypeA: DType.Float32, Precision: GemmPrecision.TensorFloat32 } ? ComputeTensorFloat32 : ComputeFloat32;
            CublasLtStatus.Check(CublasLtApi.MatmulDescCreate(out _matmul, compute, TypeFloat32), "cublasLtMatmulDescCreate");
            if (description.TransposeB) Set(CublasLtMatmulAttribute.TransposeA, Transposed);
            if (description.TransposeA) Set(CublasLtMatmulAttribute.TransposeB, Transposed);
            if (description.Epilogue == GemmEpilogue.Bias) Set(CublasLtMatmulAttribute.Epilogue, EpilogueBias);
            _layoutB = Layout(description.TypeB, description.TransposeB ? description.N : description.K,
                description.TransposeB ? description.K : description.N, description.LeadingB, description.BatchStrideB);
            _layoutA = Layout(description.TypeA, description.TransposeA ? description.K : description.M,
                description.TransposeA ? description.M : description.K, description.LeadingA, description.BatchStrideA);
            _layoutC = Layout(description.TypeC, description.M, description.N, description.LeadingC, description.BatchStrideC);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What <see cref="Run"/> uses.</summary>
    public CublasLtAlgorithm Algorithm;

    /// <summary>The library's proposals, best first as it believes.</summary>
    public CublasLtHeuristicResult[] Propose(nint library, int count, long workspace)
    {
        CublasLtStatus.Check(CublasLtApi.MatmulPreferenceCreate(out var preference), "cublasLtMatmulPreferenceCreate");
        try
        {
            Prefer(preference, CublasLtPreferenceAttribute.MaxWorkspaceBytes, (ulong)workspace);
            foreach (var operand in (ReadOnlySpan<CublasLtPreferenceAttribute>)[
                CublasLtPreferenceAttribute.MinAlignmentA, CublasLtPreferenceAttribute.MinAlignmentB,
                CublasLtPreferenceAttribute.MinAlignmentC, CublasLtPreferenceAttribute.MinAlignmentD])
                Prefer(preference, operand, (uint)_alignment);
            // Parts of a split sum are added up in float32 or not at all; the other schemes would round them to the output's type first.
            Prefer(preference, CublasLtPreferenceAttribute.ReductionSchemeMask, (uint)(_description.Deterministic ? NoReduction : ReductionInFloat32));
            var results = new CublasLtHeuristicResult[count];
            int status, found;
            fixed (CublasLtHeuristicResult* first = results)
                status = CublasLtApi.MatmulAlgoGetHeuristic(
                    library, _matmul, _layoutB, _layoutA, _layoutC, _layoutC, preference, count, first, out found);
            if (status == CublasLtApi.NotSupported || (status == CublasLtApi.Success && found == 0))
                throw new DeviceException($"cuBLASLt has no algorithm for {_description} at addresses aligned to {_alignment} bytes");
            CublasLtStatus.Check(status, "cublasLtMatmulAlgoGetHeuristic");
            return [.. results.Take(found).Where(result => result.State == CublasLtApi.Success)];
        }
        finally
        {
            _ = CublasLtApi.MatmulPreferenceDestroy(preference);
        }
    }

    /// <summary>True when the library accepts <paramref name="algorithm"/> for this product within <paramref name="workspace"/> bytes.</summary>
    public bool Accepts(nint library, CublasLtAlgorithm algorithm, long workspace)
    {
        CublasLtHeuristicResult result;
        return CublasLtApi.MatmulAlgoCheck(library, _matmul, _layoutB, _layoutA, _layoutC, _layoutC, &algorithm, &result) == CublasLtApi.Success
            && result.State == CublasLtApi.Success && (long)result.WorkspaceSize <= workspace;
    }

    /// <summary>Starts the product; the status is cuBLASLt's.</summary>
    public int Run(nint library, in GemmOperands operands, nint workspace, long workspaceBytes, nint stream)
    {
        if (_description.Epilogue == GemmEpilogue.Bias) Set(CublasLtMatmulAttribute.BiasPointer, operands.Bias);
        if (operands.ScaleA != 0) Set(CublasLtMatmulAttribute.ScalePointerB, operands.ScaleA);
        if (operands.ScaleB != 0) Set(CublasLtMatmulAttribute.ScalePointerA, operands.ScaleB);
        float alpha = operands.Alpha, beta = operands.Beta;
        fixed (CublasLtAlgorithm* algorithm = &Algorithm)
            return CublasLtApi.Matmul(library, _matmul, &alpha, operands.B, _layoutB, operands.A, _layoutA, &beta,
                operands.C, _layoutC, operands.C, _layoutC, algorithm, workspace, (nuint)workspaceBytes, stream);
    }

    public void Dispose()
    {
        if (_matmul != 0) _ = CublasLtApi.MatmulDescDestroy(_matmul);
        foreach (var layout in (ReadOnlySpan<nint>)[_layoutA, _layoutB, _layoutC])
            if (layout != 0) _ = CublasLtApi.MatrixLayoutDestroy(layout);
        (_matmul, _layoutA, _layoutB, _layoutC) = (0, 0, 0, 0);
    }

    // A stored row-major matrix of the given rows and columns, seen as the column-major one of swapped extents.
    private nint Layout(DType type, int rows, int columns, long leading, long batchStride)
    {
        CublasLtStatus.Check(
            CublasLtApi.MatrixLayoutCreate(out var layout, CublasLtStatus.DataType(type), (ulong)columns, (ulong)rows, leading),
            "cublasLtMatrixLayoutCreate");
        if (_description.Batch <= 1) return layout;
        var batch = _description.Batch;
        CublasLtStatus.Check(
            CublasLtApi.MatrixLayoutSetAttribute(layout, CublasLtLayoutAttribute.BatchCount, &batch, sizeof(int)), "cublasLtMatrixLayoutSetAttribute");
        CublasLtStatus.Check(
            CublasLtApi.MatrixLayoutSetAttribute(layout, CublasLtLayoutAttribute.StridedBatchOffset, &batchStride, sizeof(long)),
            "cublasLtMatrixLayoutSetAttribute");
        return layout;
    }

    private void Set<T>(CublasLtMatmulAttribute attribute, T value) where T : unmanaged => CublasLtStatus.Check(
        CublasLtApi.MatmulDescSetAttribute(_matmul, attribute, &value, (nuint)sizeof(T)), "cublasLtMatmulDescSetAttribute");

    private static void Prefer<T>(nint preference, CublasLtPreferenceAttribute attribute, T value) where T : unmanaged => CublasLtStatus.Check(
        CublasLtApi.MatmulPreferenceSetAttribute(preference, attribute, &value, (nuint)sizeof(T)), "cublasLtMatmulPreferenceSetAttribute");
}
