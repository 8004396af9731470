using SglNative.Core.Tensors;

namespace SglNative.Models.Operations;

// What ranks that share a model's weights do together. All of them make the same calls in the same order, with the same shapes.
public abstract partial class Ops
{
    /// <summary>How often this rank has met the others, recorded operations not counted; they are in step when all have the same count.</summary>
    public long Meetings { get; private set; }

    /// <summary>
    /// The sum of x over the ranks that share the model's weights, in place: every rank gets the same bits, added in an order of the
    /// backend's own. x [T, N] contiguous; returns x. With one rank, x as it is.
    /// </summary>
    public Tensor AllReduce(in Tensor x)
    {
        if (Backend.Parallel.Size == 1) return x;
        if (!x.IsContiguous || !x.DType.IsCompute()) throw new ArgumentException($"x is {x}{(x.IsContiguous ? "" : ", strided")}, expected contiguous of a floating type", nameof(x));
        if (x.Count == 0) return x;
        Meetings++;
        AllReduceInPlace(x);
        return x;
    }

    /// <summary>
    /// The ranks' x [T, N] side by side in order of rank, of which the first <paramref name="width"/> columns are wanted → [T, width],
    /// the same on every rank. With one rank, x as it is.
    /// </summary>
    public Tensor AllGather(in Tensor x, long width)
    {
        x.Expect(nameof(x), -1, -1);
        var ranks = Backend.Parallel.Size;
        if (width > x.Shape[1] * ranks) throw new ArgumentOutOfRangeException(nameof(width), $"width is {width}, but {ranks} ranks have {x.Shape[1]} columns each");
        if (ranks == 1) return x.Shape[1] == width ? x : throw new ArgumentException($"x has shape {x.Shape}, expected {width} columns on a single rank", nameof(x));
        if (!x.IsContiguous) throw new ArgumentException($"x is {x}, strided, expected contiguous", nameof(x));
        var output = Empty(x.DType, x.Shape[0], width);
        if (output.Count == 0) return output;
        Meetings++;
        AllGatherInto(x, output);
        return output;
    }

    /// <summary>
    /// Rows of a rank's share <paramref name="table"/> [rows, H] of a table, the first of which is row <paramref name="first"/> of the whole,
    /// by int32 <paramref name="ids"/> [T] → [T, H] of <paramref name="dtype"/>: zeros where an id is another rank's, so that the sum over the
    /// ranks is the embedding.
    /// </summary>
    public Tensor EmbeddingShare(in Tensor ids, in Tensor table, long first, DType dtype)
    {
        ids.Expect(nameof(ids), -1);
        table.Expect(nameof(table), -1, -1);
        var output = Empty(dtype, ids.Shape[0], table.Shape[1]);
        if (output.Count > 0) EmbeddingShareInto(ids, table, first, output);
        return output;
    }

    /// <summary>Σ x² of each row of x [T, N] (rows may have gaps) → float32 [T, 1].</summary>
    public Tensor RowSquares(in Tensor x)
    {
        x.Expect(nameof(x), -1, -1);
        var output = Empty(DType.Float32, x.Shape[0], 1);
        if (output.Count > 0) RowSquaresInto(x, output);
        return output;
    }

    /// <summary>
    /// x / sqrt(squares / width + eps) · (weightOffset + weight) over rows of x [T, N], in place: the norm of rows that are spread over
    /// ranks. <paramref name="squares"/> float32 [T, 1]: the sum of the squares of each whole row, which has <paramref name="width"/>
    /// elements; <paramref name="weight"/> [N].
    /// </summary>
    public void RmsNormInPlace(in Tensor x, in Tensor weight, in Tensor squares, long width, float eps, float weightOffset = 0)
    {
        x.Expect(nameof(x), -1, -1);
        weight.Expect(nameof(weight), x.Shape[1]);
        squares.Expect(nameof(squares), x.Shape[0], 1);
        if (squares.DType != DType.Float32 || !squares.IsContiguous) throw new ArgumentException($"squares are {squares}, expected contiguous float32", nameof(squares));
        if (x.Count > 0) NormalizeRows(x, weight, squares, width, eps, weightOffset);
    }

    /// <summary>Implements <see cref="AllReduce"/> where there are several ranks.</summary>
    protected abstract void AllReduceInPlace(in Tensor x);

    /// <summary>Implements <see cref="AllGather"/> where there are several ranks; output is contiguous.</summary>
    protected abstract void AllGatherInto(in Tensor x, in Tensor output);

    /// <summary>Implements <see cref="EmbeddingShare"/>; table and output may differ in type.</summary>
    protected abstract void EmbeddingShareInto(in Tensor ids, in Tensor table, long first, in Tensor output);

    /// <summary>Implements <see cref="RowSquares"/>.</summary>
    protected abstract void RowSquaresInto(in Tensor x, in Tensor output);

    /// <summary>Implements the norm of rows whose squares are known.</summary>
    protected abstract void NormalizeRows(in Tensor x, in Tensor weight, in Tensor squares, long width, float eps, float weightOffset);
}
