using SglNative.Core.Tensors;
using SglNative.Models.Backends;
using SglNative.Models.Batches;

namespace SglNative.Models.Operations;

/// <summary>
/// The vocabulary models are written in. A public method checks the shapes it is given, once for all backends, allocates its
/// result from the step's <see cref="Arena"/> and calls the protected method of that name + <c>Into</c>, which a backend implements.
/// T = tokens of the step, H = hidden size, V = vocabulary. Rows may have gaps between them (slices of a fused projection);
/// the last dimension is always dense. Arithmetic is float32 whatever the storage type.
/// </summary>
public abstract partial class Ops
{
    private TensorArena? _arena;

    /// <summary>The backend these operations run on.</summary>
    public abstract Backend Backend { get; }

    /// <summary>The memory of this step's results.</summary>
    public TensorArena Arena => _arena ??= new TensorArena(Backend);

    /// <summary>A contiguous tensor with undefined contents, of this step.</summary>
    public Tensor Empty(DType dtype, params ReadOnlySpan<long> dims) => Arena.Allocate(new Shape(dims), dtype);

    /// <summary>Rows of <paramref name="table"/> [V, H] by int32 <paramref name="ids"/> [T] → [T, H] of <paramref name="dtype"/>.</summary>
    public Tensor Embedding(in Tensor ids, in Tensor table, DType dtype)
    {
        ids.Expect(nameof(ids), -1);
        table.Expect(nameof(table), -1, -1);
        var output = Empty(dtype, ids.Shape[0], table.Shape[1]);
        if (ids.Count > 0) EmbeddingInto(ids, table, output);
        return output;
    }

    /// <summary>Rows of <paramref name="x"/> [T, H] by int32 <paramref name="rows"/> [R] → [R, H].</summary>
    public Tensor GatherRows(in Tensor x, in Tensor rows)
    {
        x.Expect(nameof(x), -1, -1);
        rows.Expect(nameof(rows), -1);
        var output = Empty(x.DType, rows.Shape[0], x.Shape[1]);
        if (rows.Count > 0) EmbeddingInto(rows, x, output);
        return output;
    }

    /// <summary>
    /// x / sqrt(mean(x²) + eps) · (weightOffset + weight) over the last dimension of [T, H] or [T, heads, D].
    /// <paramref name="weight"/> [last dimension], or null for none; <paramref name="weightOffset"/> is 1 in the Gemma family. The
    /// result is of <paramref name="dtype"/> (that of x where null).
    /// </summary>
    public Tensor RmsNorm(in Tensor x, in Tensor weight, float eps, float weightOffset = 0, DType? dtype = null)
    {
        var output = Arena.Allocate(x.Shape, dtype ?? x.DType);
        CheckedRmsNorm(x, weight, eps, weightOffset, output);
        return output;
    }

    /// <summary>As <see cref="RmsNorm"/>, over the input itself; used for qk-norm on slices.</summary>
    public void RmsNormInPlace(in Tensor x, in Tensor weight, float eps, float weightOffset = 0) => CheckedRmsNorm(x, weight, eps, weightOffset, x);

    /// <summary>
    /// residual += x, in place and rounded to its type; returns the RMS norm of the new residual, of <paramref name="dtype"/> (that of
    /// x where null). Both [T, H], of the same type or not.
    /// </summary>
    public Tensor AddRmsNorm(in Tensor x, in Tensor residual, in Tensor weight, float eps, float weightOffset = 0, DType? dtype = null)
    {
        x.Expect(nameof(x), -1, -1);
        residual.Expect(nameof(residual), x.Shape[0], x.Shape[1]);
        if (!weight.IsNull) weight.Expect(nameof(weight), x.Shape[-1]);
        var output = Arena.Allocate(x.Shape, dtype ?? x.DType);
        if (x.Count > 0) AddRmsNormInto(x, residual, weight, eps, weightOffset, output);
        return output;
    }

    /// <summary>x [T, K] · weightᵀ [N, K] + bias [N] → [T, N] of <paramref name="dtype"/> (that of x where null).</summary>
    public Tensor Linear(in Tensor x, in Tensor weight, in Tensor bias = default, DType? dtype = null)
    {
        x.Expect(nameof(x), -1, -1);
        weight.Expect(nameof(weight), -1, x.Shape[1]);
        if (!bias.IsNull) bias.Expect(nameof(bias), weight.Shape[0]);
        var output = Empty(dtype ?? x.DType, x.Shape[0], weight.Shape[0]);
        if (output.Count > 0) LinearInto(x, weight, bias, output);
        return output;
    }

    /// <summary>
    /// <see cref="Linear"/> of float32 x that is not rounded to the 16-bit type of <paramref name="weight"/>, but enters as the sum of two
    /// numbers of that type, one for each half of its bits. The weight is read once, for twice the rows. x [T, K], weight [N, K] → float32 [T, N].
    /// </summary>
    public Tensor LinearOfTwoTerms(in Tensor x, in Tensor weight)
    {
        x.Expect(nameof(x), -1, weight.Shape[1]);
        if (x.DType != DType.Float32 || weight.DType == DType.Float32) throw new ArgumentException($"x is {x} and weight {weight}, expected float32 and 16 bits", nameof(x));
        var (rows, terms) = (x.Shape[0], Empty(weight.DType, 2 * x.Shape[0], x.Shape[1]));
        if (rows == 0) return Empty(DType.Float32, 0, weight.Shape[0]);
        TwoTermsInto(x, terms);
        var products = Linear(terms, weight, default, DType.Float32);
        return Add(products.Slice(0, 0, rows), products.Slice(0, rows, rows));
    }

    /// <summary>act(x[:, :I]) · x[:, I:] of [T, 2·I] → [T, I] of <paramref name="dtype"/> (that of x where null).</summary>
    public Tensor ActAndMul(in Tensor x, GatedActivation activation, DType? dtype = null)
    {
        x.Expect(nameof(x), -1, -1);
        var output = Empty(dtype ?? x.DType, x.Shape[0], x.Shape[1] / 2);
        if (output.Count > 0) ActAndMulInto(x, activation, output);
        return output;
    }

    /// <summary><see cref="ActAndMul"/> with SiLU.</summary>
    public Tensor SiluAndMul(in Tensor x, DType? dtype = null) => ActAndMul(x, GatedActivation.Silu, dtype);

    /// <summary>a + b, same shape and type → new tensor.</summary>
    public Tensor Add(in Tensor a, in Tensor b)
    {
        b.Expect(nameof(b), a.Shape[0], a.Shape[1]);
        var output = Arena.Allocate(a.Shape, a.DType);
        if (output.Count > 0) AddInto(a, b, output);
        return output;
    }

    /// <summary>x · factor → new tensor.</summary>
    public Tensor Scale(in Tensor x, float factor)
    {
        x.Expect(nameof(x), -1, -1);
        var output = Arena.Allocate(x.Shape, x.DType);
        if (output.Count > 0) ScaleInto(x, factor, output);
        return output;
    }

    /// <summary>Copies x [T, N] or [T, heads, D] (rows may have gaps) into a tensor of another compute type, densely.</summary>
    public Tensor Cast(in Tensor x, DType dtype)
    {
        if (x.Rank is not (2 or 3)) throw new ArgumentException($"x has shape {x.Shape}, expected [T, N] or [T, heads, D]", nameof(x));
        var output = Arena.Allocate(x.Shape, dtype);
        if (output.Count > 0) CastInto(x, output);
        return output;
    }

    /// <summary>
    /// Copies x [T, N] or [T, heads, D] (rows may have gaps) into <paramref name="destination"/>, a contiguous tensor of that shape and
    /// any compute type: for what must outlive the step.
    /// </summary>
    public void Copy(in Tensor x, in Tensor destination)
    {
        if (x.Rank is not (2 or 3)) throw new ArgumentException($"x has shape {x.Shape}, expected [T, N] or [T, heads, D]", nameof(x));
        if (destination.Shape != x.Shape || !destination.IsContiguous) throw new ArgumentException($"destination is {destination}, expected contiguous {x.Shape}", nameof(destination));
        if (x.Count > 0) CastInto(x, destination);
    }

    private void CheckedRmsNorm(in Tensor x, in Tensor weight, float eps, float weightOffset, in Tensor output)
    {
        if (x.Rank is not (2 or 3)) throw new ArgumentException($"x has shape {x.Shape}, expected [T, H] or [T, heads, D]", nameof(x));
        if (!weight.IsNull) weight.Expect(nameof(weight), x.Shape[-1]);
        if (x.Count > 0) RmsNormInto(x, weight, eps, weightOffset, output);
    }

    /// <summary>Implements <see cref="Embedding"/> and <see cref="GatherRows"/>; table and output may differ in type.</summary>
    protected abstract void EmbeddingInto(in Tensor ids, in Tensor table, in Tensor output);

    /// <summary>Implements the public method of that name; output may be x.</summary>
    protected abstract void RmsNormInto(in Tensor x, in Tensor weight, float eps, float weightOffset, in Tensor output);

    /// <summary>Implements the public method of that name.</summary>
    protected abstract void AddRmsNormInto(in Tensor x, in Tensor residual, in Tensor weight, float eps, float weightOffset, in Tensor output);

    /// <summary>Implements the public method of that name; output is contiguous.</summary>
    protected abstract void LinearInto(in Tensor x, in Tensor weight, in Tensor bias, in Tensor output);

    /// <summary>Implements the public method of that name.</summary>
    protected abstract void ActAndMulInto(in Tensor x, GatedActivation activation, in Tensor output);

    /// <summary>Implements the public method of that name; rank 2 or 3.</summary>
    protected abstract void AddInto(in Tensor a, in Tensor b, in Tensor output);

    /// <summary>Implements the public method of that name.</summary>
    protected abstract void ScaleInto(in Tensor x, float factor, in Tensor output);

    /// <summary>Implements <see cref="Cast"/> and <see cref="Copy"/>; output is contiguous.</summary>
    protected abstract void CastInto(in Tensor x, in Tensor output);

    /// <summary>Writes float32 x [T, K], rounded, to rows 0 to T of output [2T, K], and what that leaves of it to the rows after.</summary>
    protected abstract void TwoTermsInto(in Tensor x, in Tensor output);
}
