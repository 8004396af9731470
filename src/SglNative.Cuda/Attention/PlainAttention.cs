using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Attention;

/// <summary>Launches kernels/attention/plain.cu: float32 arithmetic without tensor cores, for any types.</summary>
internal sealed class PlainAttention(KernelContext context)
{
    /// <summary>Packed query rows of a block.</summary>
    public const int Rows = 16;

    private const int Keys = 32, Threads = 128;

    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name, key => SharedMemory(key.HeadDim));

    public static KernelName Name(Key key) => new("attention/plain.cu",
        $"sgl::plain_attention<{key.Query.Cpp()}, {key.Cache.Cpp()}, {key.HeadDim}, {key.PageSize}, {key.SoftCap.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from dtype in range.DTypes
        where !AttentionKernels.UsesTensorCores(dtype, dtype)
        from headDim in range.HeadDims
        from pageSize in range.PageSizes
        from softCap in range.Switch
        select Name(new(dtype, dtype, headDim, pageSize, softCap));

    public void Run(in AttentionShape shape, DType query, DType cache, int pageSize, in AttentionArguments arguments)
    {
        var key = new Key(query, cache, shape.HeadDim, pageSize, arguments.SoftCap > 0);
        var blocks = shape.Tiles(Rows) * shape.KvHeads * arguments.Splits;
        context.Launch(_kernels[key], checked((int)blocks), Threads, arguments, SharedMemory(shape.HeadDim));
    }

    /// <summary>Queries, keys and values in float32 rows padded by 16 bytes, and the weights of a tile.</summary>
    public static int SharedMemory(int headDim) => ((Rows + 2 * Keys) * (headDim + 4) + Rows * (Keys + 1)) * sizeof(float);

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType Query, DType Cache, int HeadDim, int PageSize, bool SoftCap);
}
