using SglNative.Interop;

namespace SglNative.Cuda.Moe;

/// <summary>
/// The tile of a block of kernels/moe/experts.cu: <paramref name="Rows"/> rows of an expert by <paramref name="WarpsN"/> · 32 rows of
/// its weight, of which <paramref name="Stages"/> steps are under way. No choice changes a bit of the result.
/// </summary>
internal readonly record struct ExpertConfig(int Rows, int WarpsM, int WarpsN, int Stages)
{
    /// <summary>Elements from one row of a tile to the next; <c>kTileStride</c> of kernels/moe/experts.cuh.</summary>
    public const int TileStride = 64 + 8;

    private const int StaticSharedMemory = 2048;

    /// <summary>Up to this many rows per expert a tile of 32 covers most experts at once, and reading weights is all that costs.</summary>
    private const int FewRows = 20;

    private const int SomeRows = 96;

    /// <summary>Threads of a block.</summary>
    public int Threads => WarpsM * WarpsN * 32;

    /// <summary>Bytes of tiles.</summary>
    public int SharedMemory => Stages * (Rows + WarpsN * 32) * TileStride * sizeof(ushort);

    /// <summary>Columns of the output that a block makes.</summary>
    public int Columns(bool gated) => gated ? WarpsN * 16 : WarpsN * 32;

    /// <summary>The choice for <paramref name="pairs"/> rows spread over <paramref name="experts"/> experts.</summary>
    public static ExpertConfig For(long pairs, int experts, DeviceCapabilities device)
    {
        var config = pairs <= (long)FewRows * experts ? new ExpertConfig(32, 1, 4, 4)
            : pairs <= (long)SomeRows * experts ? new ExpertConfig(64, 2, 4, 3)
            : new ExpertConfig(128, 2, 4, 3);
        return config.SharedMemory + StaticSharedMemory <= device.SharedMemoryPerBlockOptIn ? config : config with { Stages = 2 };
    }

    /// <summary>Each choice that there is.</summary>
    public static IEnumerable<ExpertConfig> All(DeviceCapabilities device) =>
        from rows in (int[])[FewRows, SomeRows, SomeRows + 1]
        select For(rows, 1, device);

    /// <summary>An upper bound of the tiles that all experts have.</summary>
    public static int Tiles(long pairs, int experts, int rows) => checked((int)Math.Min(pairs, pairs / rows + experts));
}
