using SglNative.Core.Tensors;
using SglNative.Cuda.Caching;
using SglNative.Cuda.Kernels;
using SglNative.Cuda.Latent;
using SglNative.Interop.Gemm;
using SglNative.Models.Batches;
using SglNative.Models.Operations;

namespace SglNative.Cuda;

internal sealed partial class CudaOps
{
    private readonly StoreLatentKernel _storeLatent = new(context);
    private readonly LatentAttentionKernels _latentAttention = new(context);

    /// <inheritdoc/>
    protected override void HeadLinearInto(in Tensor x, in Tensor weight, in Tensor output)
    {
        x.ExpectDenseRows(nameof(x));
        weight.ExpectDense(nameof(weight), weight.DType);
        var input = x.DType == weight.DType ? x : Copy(x, weight.DType);
        var (tokens, heads, n, k) = (checked((int)x.Shape[0]), checked((int)x.Shape[1]), checked((int)weight.Shape[1]), checked((int)weight.Shape[2]));
        var description = GemmDescription.Linear(tokens, n, k, weight.DType, output.DType) with
        {
            LeadingA = input.Strides[0],
            LeadingC = (long)heads * n,
            Batch = heads,
            BatchStrideA = input.Strides[1],
            BatchStrideB = (long)n * k,
            BatchStrideC = n,
            Deterministic = deterministic,
        };
        context.Device.Gemm(description, new GemmOperands(input.Data, weight.Data, output.Data), context.Stream);
    }

    /// <inheritdoc/>
    protected override void StoreLatentInto(in Tensor x, in Tensor cache, in Tensor slots) => _storeLatent.Run(x, cache, slots);

    /// <inheritdoc/>
    protected override void LatentAttentionInto(
        in Tensor q, in Tensor qRope, in Tensor cache, in AttentionMetadata metadata, float scale, in Tensor output)
    {
        // Ends of heads need not lie where vectors can be loaded from.
        var rotated = RowLaunch.IsAligned(qRope) ? qRope : Copy(qRope, qRope.DType);
        _latentAttention.Run(RowLaunch.IsAligned(q) ? q : Copy(q, q.DType), rotated, cache, metadata, scale, output);
    }

    // Dense, of another type or the same.
    private Tensor Copy(in Tensor x, DType dtype)
    {
        var copy = Arena.Allocate(x.Shape, dtype);
        _elementwise.Scale(x, 1f, copy);
        return copy;
    }
}
