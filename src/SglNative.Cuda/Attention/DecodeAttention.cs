using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Interop;

namespace SglNative.Cuda.Attention;

/// <summary>Launches kernels/attention/decode.cu: sequences of one token, on tensor cores, keys cut into parts.</summary>
internal sealed class DecodeAttention(KernelContext context)
{
    /// <summary>Query heads that share a block.</summary>
    public const int Rows = 16;

    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name, key => key.Config.SharedMemory(key.HeadDim));

    public static KernelName Name(Key key) => new("attention/decode.cu",
        $"sgl::decode_attention<{key.DType.Cpp()}, {key.HeadDim}, {key.PageSize}, {key.Config.Warps}, {key.Config.Stages}, {key.SoftCap.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from device in range.Devices
        from dtype in range.DTypes
        where AttentionKernels.UsesTensorCores(dtype, dtype)
        from headDim in range.HeadDims
        from pageSize in range.PageSizes
        from softCap in range.Switch
        select Name(new(dtype, headDim, pageSize, Config.For(headDim, device), softCap));

    public void Run(in AttentionShape shape, DType dtype, int pageSize, in AttentionArguments arguments)
    {
        var config = Config.For(shape.HeadDim, context.Capabilities);
        var key = new Key(dtype, shape.HeadDim, pageSize, config, arguments.SoftCap > 0);
        var blocks = (long)shape.Sequences * shape.KvHeads * ((shape.Group + Rows - 1) / Rows) * arguments.Splits;
        context.Launch(_kernels[key], checked((int)blocks), config.Warps * 32, arguments, config.SharedMemory(shape.HeadDim));
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType DType, int HeadDim, int PageSize, Config Config, bool SoftCap);

    /// <summary>Warps of a block, and tiles that each keeps under way.</summary>
    public readonly record struct Config(int Warps, int Stages)
    {
        private const int TileRows = 16, SystemSharedMemory = 1024, StaticSharedMemory = 1024;

        private static readonly Config[] Candidates = [new(4, 3), new(4, 2), new(2, 2), new(1, 2)];

        /// <summary>Bytes: one tile of queries, and per warp and stage one of keys and one of values.</summary>
        public int SharedMemory(int headDim) => (1 + Warps * Stages * 2) * TileRows * PaddedRow(headDim) * sizeof(ushort);

        /// <summary>The first of which two blocks fit a multiprocessor, else the first of which one does.</summary>
        public static Config For(int headDim, DeviceCapabilities device)
        {
            var reserved = SystemSharedMemory + StaticSharedMemory;
            foreach (var candidate in Candidates)
                if (2 * (candidate.SharedMemory(headDim) + reserved) <= device.SharedMemoryPerMultiprocessor) return candidate;
            foreach (var candidate in Candidates)
                if (candidate.SharedMemory(headDim) + reserved <= device.SharedMemoryPerBlockOptIn) return candidate;
            return Candidates[^1];
        }
    }

    /// <summary>Elements from one row of a tile in shared memory to the next; <c>kRowStride</c>.</summary>
    public static int PaddedRow(int headDim) => (headDim + 15) / 16 * 16 + 8;
}
