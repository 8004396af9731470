using SglNative.Core.Tensors;
using SglNative.Cuda.Normalization;
using SglNative.Interop.Collectives;

namespace SglNative.Cuda;

internal sealed partial class CudaOps
{
    private readonly SplitRmsNormKernels _splitRmsNorm = new(context);

    /// <inheritdoc/>
    protected override void AllReduceInPlace(in Tensor x) =>
        backend.Communicator!.AllReduce(x.Data, x.Data, x.Count, x.DType, ReduceOperation.Sum, context.Stream);

    /// <inheritdoc/>
    protected override void AllGatherInto(in Tensor x, in Tensor output)
    {
        var (rows, columns, ranks) = (x.Shape[0], x.Shape[1], backend.Communicator!.Size);
        // What arrives is one rank's rows after the other's.
        var arrived = Empty(x.DType, ranks, rows, columns);
        backend.Communicator.AllGather(x.Data, arrived.Data, x.Count, x.DType, context.Stream);
        var sideBySide = new Tensor(arrived.Data, x.DType, new Shape(rows, ranks, columns), new Shape(columns, rows * columns, 1));
        if (output.Shape[1] == ranks * columns)
        {
            _elementwise.Scale(sideBySide, 1f, output.View(rows, ranks, columns));
            return;
        }
        var filledUp = rows == 1 ? arrived.View(1, ranks * columns) : Empty(x.DType, rows, ranks * columns);
        if (rows > 1) _elementwise.Scale(sideBySide, 1f, filledUp.View(rows, ranks, columns));
        _elementwise.Scale(filledUp.Slice(1, 0, output.Shape[1]), 1f, output);
    }

    /// <inheritdoc/>
    protected override void EmbeddingShareInto(in Tensor ids, in Tensor table, long first, in Tensor output) => _embedding.Run(ids, table, output, first);

    /// <inheritdoc/>
    protected override void RowSquaresInto(in Tensor x, in Tensor output) => _splitRmsNorm.Squares(x, output);

    /// <inheritdoc/>
    protected override void NormalizeRows(in Tensor x, in Tensor weight, in Tensor squares, long width, float eps, float weightOffset) =>
        _splitRmsNorm.Normalize(x, weight, squares, width, eps, weightOffset);
}
