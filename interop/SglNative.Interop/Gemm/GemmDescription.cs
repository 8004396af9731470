using SglNative.Core.Tensors;

namespace SglNative.Interop.Gemm;

/// <summary>
/// The shape of C[M,N] = alpha·op(A)[M,K]·op(B)[K,N] + beta·C (+ bias[N]), all row-major; what an algorithm is chosen for. Sums are
/// kept in float32.
/// </summary>
/// <param name="M">Rows of C (tokens); 0 does nothing.</param>
/// <param name="N">Columns of C (output features).</param>
/// <param name="K">Length of the sums (input features).</param>
/// <param name="TypeA">Element type of A and, unless <see cref="TypeB"/> says otherwise, of B.</param>
/// <param name="TypeC">Element type of C and of the bias.</param>
public readonly record struct GemmDescription(int M, int N, int K, DType TypeA, DType TypeC)
{
    // The type's number plus one; 0 stands for "as A". A nullable enumeration would be boxed when descriptions are compared.
    private readonly byte _typeB;
    private readonly long _strideOfRowsA, _strideOfRowsB, _strideOfRowsC;

    /// <summary>Element type of B.</summary>
    public DType TypeB { get => _typeB == 0 ? TypeA : (DType)(_typeB - 1); init => _typeB = (byte)((byte)value + 1); }

    /// <summary>A is stored as [K,M].</summary>
    public bool TransposeA { get; init; }

    /// <summary>B is stored as [N,K], as the weight of a linear layer is.</summary>
    public bool TransposeB { get; init; }

    /// <summary>Elements from one stored row of A to the next; by default its rows are contiguous.</summary>
    public long LeadingA { get => _strideOfRowsA != 0 ? _strideOfRowsA : TransposeA ? M : K; init => _strideOfRowsA = value; }

    /// <summary>Elements from one stored row of B to the next.</summary>
    public long LeadingB { get => _strideOfRowsB != 0 ? _strideOfRowsB : TransposeB ? K : N; init => _strideOfRowsB = value; }

    /// <summary>Elements from one row of C to the next.</summary>
    public long LeadingC { get => _strideOfRowsC != 0 ? _strideOfRowsC : N; init => _strideOfRowsC = value; }

    /// <summary>Number of products of this shape; 0 and 1 mean one.</summary>
    public int Batch { get; init; }

    /// <summary>Elements from one product's A to the next; 0 shares it.</summary>
    public long BatchStrideA { get; init; }

    /// <summary>Elements from one product's B to the next; 0 shares it.</summary>
    public long BatchStrideB { get; init; }

    /// <summary>Elements from one product's C to the next.</summary>
    public long BatchStrideC { get; init; }

    /// <summary>What happens after the product.</summary>
    public GemmEpilogue Epilogue { get; init; }

    /// <summary>How float32 operands are multiplied.</summary>
    public GemmPrecision Precision { get; init; }

    /// <summary>
    /// The same bits for the same description and operands in every run: no timed choice and no split sums. (Another M may still
    /// give other bits.)
    /// </summary>
    public bool Deterministic { get; init; }

    /// <summary>A linear layer: C[M,N] = A[M,K]·W[N,K]ᵀ.</summary>
    public static GemmDescription Linear(int m, int n, int k, DType type, DType? output = null) =>
        new(m, n, k, type, output ?? type) { TransposeB = true };

    /// <summary>As written in messages and in the file of remembered algorithms.</summary>
    public override string ToString() =>
        $"{M}x{N}x{K} {TypeA.TorchName()}{(TransposeA ? "^T" : "")}[{LeadingA}] {TypeB.TorchName()}{(TransposeB ? "^T" : "")}[{LeadingB}] " +
        $"-> {TypeC.TorchName()}[{LeadingC}] batch {Math.Max(Batch, 1)} ({BatchStrideA}, {BatchStrideB}, {BatchStrideC}) " +
        $"{Epilogue} {Precision}{(Deterministic ? " deterministic" : "")}";
}
