using SglNative.Core.Tensors;
using SglNative.Models.Batches;

namespace SglNative.Models.Operations;

public abstract partial class Ops
{
    /// <summary>
    /// Each head's own product: x [T, heads, K] · weight[h]ᵀ of [heads, N, K] → [T, heads, N] of <paramref name="dtype"/> (that of x where
    /// null). Heads of x may have gaps.
    /// </summary>
    public Tensor HeadLinear(in Tensor x, in Tensor weight, DType? dtype = null)
    {
        x.Expect(nameof(x), -1, -1, -1);
        weight.Expect(nameof(weight), x.Shape[1], -1, x.Shape[2]);
        var output = Empty(dtype ?? x.DType, x.Shape[0], x.Shape[1], weight.Shape[1]);
        if (output.Count > 0) HeadLinearInto(x, weight, output);
        return output;
    }

    /// <summary>
    /// Writes rows x [T, W] into a layer's cache [pages, page size, W] at int32 <paramref name="slots"/> [T], where slot = page · page
    /// size + offset; a negative slot is skipped (padding).
    /// </summary>
    public void StoreLatent(in Tensor x, in Tensor cache, in Tensor slots)
    {
        x.Expect(nameof(x), -1, -1);
        cache.Expect(nameof(cache), -1, -1, x.Shape[1]);
        slots.Expect(nameof(slots), x.Shape[0]);
        if (x.Count > 0) StoreLatentInto(x, cache, slots);
    }

    /// <summary>
    /// Causal attention in the latent space of MLA (absorbed): a cached row [rank + rope] is the key of every head, its first rank
    /// elements are the value. <paramref name="q"/> [T, heads, rank] and <paramref name="qRope"/> [T, heads, rope] over a layer's cache
    /// [pages, page size, rank + rope] → [T, heads, rank]. Rows of the step's own tokens must have been stored. Softmax in float32.
    /// Of the options the scale alone is used.
    /// </summary>
    public Tensor LatentAttention(in Tensor q, in Tensor qRope, in Tensor cache, in AttentionMetadata metadata, AttentionOptions options)
    {
        q.Expect(nameof(q), -1, -1, -1);
        qRope.Expect(nameof(qRope), q.Shape[0], q.Shape[1], -1);
        cache.Expect(nameof(cache), -1, metadata.PageSize, q.Shape[2] + qRope.Shape[2]);
        if (options.Window > 0 || options.SoftCap > 0) throw new ArgumentException("latent attention has neither window nor soft cap", nameof(options));
        var output = Arena.Allocate(q.Shape, q.DType);
        if (q.Count > 0) LatentAttentionInto(q, qRope, cache, metadata, options.Scale, output);
        return output;
    }

    /// <summary>Implements the public method of that name; output is contiguous.</summary>
    protected abstract void HeadLinearInto(in Tensor x, in Tensor weight, in Tensor output);

    /// <summary>Implements <see cref="StoreLatent"/>; converts to the cache's type.</summary>
    protected abstract void StoreLatentInto(in Tensor x, in Tensor cache, in Tensor slots);

    /// <summary>Implements the public method of that name; heads of the queries may have gaps, output is contiguous.</summary>
    protected abstract void LatentAttentionInto(
        in Tensor q, in Tensor qRope, in Tensor cache, in AttentionMetadata metadata, float scale, in Tensor output);
}
