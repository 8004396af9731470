using SglNative.Core.Tensors;
using SglNative.Cuda.Attention;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Latent;

/// <summary>Launches kernels/latent/plain.cu: float32 arithmetic without tensor cores, for any types.</summary>
internal sealed class PlainLatentAttention(KernelContext context)
{
    /// <summary>Rows of a block.</summary>
    public const int Rows = 16;

    private const int Keys = 16, Threads = 128;

    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name, key => SharedMemory(key.Rank + key.Rope));

    public static KernelName Name(Key key) => new("latent/plain.cu",
        $"sgl::plain_latent_attention<{key.Query.Cpp()}, {key.Cache.Cpp()}, {key.Rank}, {key.Rope}, {key.PageSize}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from dtype in range.DTypes
        from latent in range.Latents
        where !LatentAttentionKernels.UsesTensorCores(dtype, dtype, latent.Rank)
        from pageSize in range.PageSizes
        select Name(new(dtype, dtype, latent.Rank, latent.Rope, pageSize));

    public void Run(in AttentionShape shape, int rope, DType query, DType cache, int pageSize, in LatentArguments arguments)
    {
        var key = new Key(query, cache, shape.HeadDim, rope, pageSize);
        context.Launch(_kernels[key], LatentAttention.Blocks(shape, Rows, arguments), Threads, arguments, SharedMemory(shape.HeadDim + rope));
    }

    /// <summary>Queries and keys in float32 rows padded by 16 bytes, and the weights of a tile.</summary>
    public static int SharedMemory(int width) => ((Rows + Keys) * (width + 4) + Rows * (Keys + 1)) * sizeof(float);

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType Query, DType Cache, int Rank, int Rope, int PageSize);
}
