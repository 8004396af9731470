using SglNative.Core.Tensors;

namespace SglNative.Models.Caching;

/// <summary>
/// What a layer remembers of earlier tokens. Each layer declares its own when the model is built; the engine makes the pools.
/// </summary>
public abstract record CacheSpec
{
    private CacheSpec() { }

    /// <summary>Keys and values of every token: [page][K|V][KvHeads][token in page][HeadDim].</summary>
    public sealed record Full(int KvHeads, int HeadDim) : CacheSpec;

    /// <summary>As <see cref="Full"/>, of which only the last <paramref name="Window"/> tokens are read.</summary>
    public sealed record Sliding(int KvHeads, int HeadDim, int Window) : CacheSpec;

    /// <summary>One latent vector per token shared by all heads (MLA): [page][token][Rank + RopeDim].</summary>
    public sealed record Latent(int Rank, int RopeDim) : CacheSpec;

    /// <summary>
    /// A float32 tensor of fixed size per sequence, [sequence slot][Shape]: the last inputs of a convolution, a recurrent matrix. A layer
    /// that keeps several (a convolution before a recurrence) declares each.
    /// </summary>
    /// <param name="Shape">Of one sequence's state.</param>
    public sealed record State(Shape Shape) : CacheSpec
    {
        /// <summary>The last inputs of a causal convolution of <paramref name="taps"/> taps: [taps − 1, channels].</summary>
        public static State Convolution(int taps, int channels) => new(new Shape(taps - 1, channels));

        /// <summary>A matrix per head: [heads, keys, values].</summary>
        public static State Recurrent(int heads, int keys, int values) => new(new Shape(heads, keys, values));
    }

    /// <summary>No cache of its own: reads that of an earlier layer.</summary>
    public sealed record SharedWith(int Layer) : CacheSpec;

    /// <summary>Elements that one token adds to a paged pool; 0 for layers whose memory does not grow with tokens.</summary>
    public long ElementsPerToken => this switch
    {
        Full f => 2L * f.KvHeads * f.HeadDim,
        Sliding s => 2L * s.KvHeads * s.HeadDim,
        Latent l => l.Rank + l.RopeDim,
        _ => 0,
    };
}
