using SglNative.Core.Tensors;
using SglNative.Models.Batches;

namespace SglNative.Models.Operations;

public abstract partial class Ops
{
    /// <summary>
    /// Rotates the first R dimensions of each head of q [T, Hq, D] and k [T, Hk, D], in place.
    /// <paramref name="cosSin"/> float32 [positions, R]: R/2 cosines, then R/2 sines. Half-split pairs (i, i + R/2), or neighbours
    /// (2i, 2i + 1) when <paramref name="interleaved"/>. <paramref name="positions"/> int32 [T].
    /// </summary>
    public void RotaryEmbedding(in Tensor q, in Tensor k, in Tensor positions, in Tensor cosSin, bool interleaved = false)
    {
        ExpectRotation(q, k, positions, cosSin);
        if (q.Shape[0] > 0) RotaryEmbeddingInPlace(q, k, positions, cosSin, interleaved);
    }

    /// <summary>
    /// Writes k and v [T, Hk, D] into a layer's cache [pages, 2, Hk, page size, D] at int32 <paramref name="slots"/> [T],
    /// where slot = page · page size + offset; a negative slot is skipped (padding).
    /// </summary>
    public void StoreKv(in Tensor k, in Tensor v, in Tensor cache, in Tensor slots)
    {
        ExpectStore(k, v, cache, slots);
        if (slots.Count > 0) StoreKvInto(k, v, cache, slots);
    }

    /// <summary>
    /// What attention over a cache begins with: <see cref="RotaryEmbedding"/> of q and k (nothing is rotated where
    /// <paramref name="cosSin"/> is null), <see cref="StoreKv"/> of k and v, and the rotated q as <paramref name="dtype"/>, the type of
    /// attention's operands, dense or a view of q. What q and k hold afterwards is not defined.
    /// </summary>
    public Tensor RotateAndStore(
        in Tensor q, in Tensor k, in Tensor v, in Tensor positions, in Tensor cosSin, bool interleaved, in Tensor cache, in Tensor slots, DType dtype)
    {
        if (cosSin.IsNull) q.Expect(nameof(q), -1, -1, k.Shape[2]);
        else ExpectRotation(q, k, positions, cosSin);
        ExpectStore(k, v, cache, slots);
        slots.Expect(nameof(slots), q.Shape[0]);
        return q.Shape[0] > 0 ? RotateAndStoreInto(q, k, v, positions, cosSin, interleaved, cache, slots, dtype) : Arena.Allocate(q.Shape, dtype);
    }

    /// <summary>
    /// Causal attention of q [T, Hq, D] over a layer's paged cache [pages, 2, Hk, page size, D] → [T, Hq, D]. Keys and values of
    /// the step's own tokens must have been stored. Query head h reads key head h / (Hq / Hk). Softmax in float32, over the scores
    /// and, where there are <paramref name="sinks"/> (float32 [Hq]), one more of the head's own that has no value (gpt-oss).
    /// </summary>
    public Tensor Attention(in Tensor q, in Tensor cache, in AttentionMetadata metadata, AttentionOptions options, in Tensor sinks = default)
    {
        q.Expect(nameof(q), -1, -1, -1);
        cache.Expect(nameof(cache), -1, 2, -1, metadata.PageSize, q.Shape[2]);
        if (q.Shape[1] % cache.Shape[2] != 0)
            throw new ArgumentException($"{q.Shape[1]} query heads are no multiple of {cache.Shape[2]} key heads", nameof(q));
        if (!sinks.IsNull)
        {
            sinks.Expect(nameof(sinks), q.Shape[1]);
            if (sinks.DType != DType.Float32 || !sinks.IsContiguous) throw new ArgumentException($"sinks are {sinks}, expected contiguous float32", nameof(sinks));
        }
        var output = Arena.Allocate(q.Shape, q.DType);
        if (q.Count > 0) AttentionInto(q, cache, metadata, options, sinks, output);
        return output;
    }

    private static void ExpectRotation(in Tensor q, in Tensor k, in Tensor positions, in Tensor cosSin)
    {
        q.Expect(nameof(q), -1, -1, -1);
        k.Expect(nameof(k), q.Shape[0], -1, q.Shape[2]);
        positions.Expect(nameof(positions), q.Shape[0]);
        if (cosSin.Rank != 2 || cosSin.Shape[1] > q.Shape[2] || cosSin.Shape[1] % 2 != 0)
            throw new ArgumentException($"cosSin has shape {cosSin.Shape}, expected [positions, R] with R even and at most {q.Shape[2]}", nameof(cosSin));
    }

    private static void ExpectStore(in Tensor k, in Tensor v, in Tensor cache, in Tensor slots)
    {
        cache.Expect(nameof(cache), -1, 2, k.Shape[1], -1, k.Shape[2]);
        v.Expect(nameof(v), k.Shape[0], k.Shape[1], k.Shape[2]);
        slots.Expect(nameof(slots), k.Shape[0]);
    }

    /// <summary>Implements <see cref="RotateAndStore"/>, by default as its parts; rows of q, k and v may have gaps.</summary>
    protected virtual Tensor RotateAndStoreInto(
        in Tensor q, in Tensor k, in Tensor v, in Tensor positions, in Tensor cosSin, bool interleaved, in Tensor cache, in Tensor slots, DType dtype)
    {
        if (!cosSin.IsNull) RotaryEmbeddingInPlace(q, k, positions, cosSin, interleaved);
        StoreKvInto(k, v, cache, slots);
        return q.DType == dtype ? q : Cast(q, dtype);
    }

    /// <summary>Implements <see cref="RotaryEmbedding"/>; rows of q and k may have gaps.</summary>
    protected abstract void RotaryEmbeddingInPlace(in Tensor q, in Tensor k, in Tensor positions, in Tensor cosSin, bool interleaved);

    /// <summary>Implements <see cref="StoreKv"/>; converts to the cache's type.</summary>
    protected abstract void StoreKvInto(in Tensor k, in Tensor v, in Tensor cache, in Tensor slots);

    /// <summary>Implements <see cref="Attention"/>; q's rows may have gaps, output is contiguous, q and cache may differ in type.</summary>
    protected abstract void AttentionInto(
        in Tensor q, in Tensor cache, in AttentionMetadata metadata, AttentionOptions options, in Tensor sinks, in Tensor output);
}
