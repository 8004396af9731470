using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Attention;

/// <summary>Launches kernels/attention/prefill.cu: sequences of several tokens, on tensor cores.</summary>
internal sealed class PrefillAttention(KernelContext context)
{
    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name, key => key.Config.SharedMemory(key.HeadDim));

    public static KernelName Name(Key key) => new("attention/prefill.cu",
        $"sgl::prefill_attention<{key.DType.Cpp()}, {key.HeadDim}, {key.PageSize}, {key.Config.Warps}, {key.Config.Keys}, {key.SoftCap.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from dtype in range.DTypes
        where AttentionKernels.UsesTensorCores(dtype, dtype)
        from headDim in range.HeadDims
        from pageSize in range.PageSizes
        from softCap in range.Switch
        select Name(new(dtype, headDim, pageSize, Config.For(headDim), softCap));

    public void Run(in AttentionShape shape, DType dtype, int pageSize, in AttentionArguments arguments)
    {
        var config = Config.For(shape.HeadDim);
        var key = new Key(dtype, shape.HeadDim, pageSize, config, arguments.SoftCap > 0);
        var blocks = shape.Tiles(config.Rows) * shape.KvHeads;
        context.Launch(_kernels[key], checked((int)blocks), config.Warps * 32, arguments, config.SharedMemory(shape.HeadDim));
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType DType, int HeadDim, int PageSize, Config Config, bool SoftCap);

    /// <summary>Warps of a block, each with 16 packed query rows, and the keys of a tile.</summary>
    public readonly record struct Config(int Warps, int Keys)
    {
        /// <summary>Above this the tiles of 64 keys would not fit the shared memory of every chip.</summary>
        private const int LargestWideHead = 128;

        /// <summary>Packed query rows of a block.</summary>
        public int Rows => Warps * 16;

        /// <summary>Bytes: the queries, a tile of keys and one of values.</summary>
        public int SharedMemory(int headDim) => (Rows + 2 * Keys) * DecodeAttention.PaddedRow(headDim) * sizeof(ushort);

        public static Config For(int headDim) => new(Warps: 4, Keys: headDim <= LargestWideHead ? 64 : 32);
    }
}
