using SglNative.Core.Tensors;
using SglNative.Cuda.Attention;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Interop;

namespace SglNative.Cuda.Latent;

/// <summary>Launches kernels/latent/attention.cu: latent attention on tensor cores.</summary>
internal sealed class LatentAttention(KernelContext context)
{
    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name, key => key.Config.SharedMemory(key.Rank + key.Rope));

    public static KernelName Name(Key key) => new("latent/attention.cu",
        $"sgl::latent_attention<{key.DType.Cpp()}, {key.Rank}, {key.Rope}, {key.PageSize}, {key.Config.RowTiles}, {key.Config.Keys}, {key.Config.Warps}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from device in range.Devices
        from dtype in range.DTypes
        from latent in range.Latents
        where LatentAttentionKernels.UsesTensorCores(dtype, dtype, latent.Rank)
        from pageSize in range.PageSizes
        // Decode steps bring a row for each head, prompts as many as fit, and the shortest of them a few.
        from rows in range.LatentHeads.SelectMany(heads => (long[])[heads, 2 * heads]).Append(long.MaxValue)
        select Name(new(dtype, latent.Rank, latent.Rope, pageSize, Config.For(latent.Rank, latent.Rope, rows, device)));

    /// <summary>True for ranks whose columns warps can share.</summary>
    public static bool Supports(int rank) => rank % 16 == 0 && rank <= 512;

    public void Run(in AttentionShape shape, int rope, DType dtype, int pageSize, in Config config, in LatentArguments arguments)
    {
        var key = new Key(dtype, shape.HeadDim, rope, pageSize, config);
        context.Launch(_kernels[key], Blocks(shape, config.Rows, arguments), config.Warps * 32, arguments, config.SharedMemory(shape.HeadDim + rope));
    }

    /// <summary>Blocks of <paramref name="rows"/> rows each, for every part.</summary>
    public static int Blocks(in AttentionShape shape, int rows, in LatentArguments arguments)
    {
        var tiles = arguments.Single != 0 ? (long)shape.Sequences * ((shape.Group + rows - 1) / rows) : shape.Tiles(rows);
        return checked((int)(tiles * arguments.Attention.Splits));
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType DType, int Rank, int Rope, int PageSize, Config Config);

    /// <summary>Tiles of 16 rows in a block, keys in a tile, and warps, which share the columns of the output.</summary>
    public readonly record struct Config(int RowTiles, int Keys, int Warps)
    {
        private const int MostWarps = 8, SystemSharedMemory = 1024;

        // Many rows per pass over the keys first, then long tiles.
        private static readonly (int RowTiles, int Keys)[] Candidates = [(4, 32), (2, 32), (2, 16), (1, 32), (1, 16)];

        /// <summary>Rows of a block.</summary>
        public int Rows => RowTiles * 16;

        /// <summary>Warps that share a piece of the scores.</summary>
        private int Parts => Math.Max(1, Warps / (RowTiles * (Keys / 16)));

        /// <summary>Bytes: queries, two tiles of keys, weights, scores of each part, and a factor per row.</summary>
        public int SharedMemory(int width) =>
            (Rows + 2 * Keys) * DecodeAttention.PaddedRow(width) * sizeof(ushort) + Rows * (Keys + 8) * sizeof(ushort)
            + Parts * Rows * (Keys + 8) * sizeof(float) + Rows * sizeof(float);

        /// <summary>The first candidate that fits a block's shared memory, of no more rows than there are.</summary>
        /// <param name="rank">Elements of a value.</param>
        /// <param name="rope">Elements that a key has beyond.</param>
        /// <param name="rows">Rows that the largest sequence brings.</param>
        /// <param name="device">What it has.</param>
        public static Config For(int rank, int rope, long rows, DeviceCapabilities device)
        {
            var warps = MostWarps;
            while (rank % (16 * warps) != 0) warps /= 2;
            Config? fitting = null;
            foreach (var (rowTiles, keys) in Candidates)
            {
                // Each row of the softmax needs a thread at least.
                if (rowTiles > 2 * warps) continue;
                var config = new Config(rowTiles, keys, warps);
                if (config.SharedMemory(rank + rope) + SystemSharedMemory > device.SharedMemoryPerBlockOptIn) continue;
                fitting = config;
                if ((rowTiles - 1) * 16 < rows && (rowTiles < 4 || rows > 32)) return config;
            }
            return fitting ?? new Config(1, 16, warps);
        }
    }
}
