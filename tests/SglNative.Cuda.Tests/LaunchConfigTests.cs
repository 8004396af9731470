using SglNative.Cuda.Attention;
using SglNative.Cuda.Kernels;
using SglNative.Cuda.Normalization;
using SglNative.Cuda.Sampling;

namespace SglNative.Cuda.Tests;

/// <summary>The decisions behind launches, which are pure functions.</summary>
public sealed class LaunchConfigTests
{
    private static readonly AttentionShape Decode = new(64, 64, 1, 4096, KvHeads: 8, Group: 4, HeadDim: 128, Window: 0);

    [Theory]
    [InlineData(1, 131072, 33)]
    [InlineData(1, 4096, 16)]
    [InlineData(1, 100, 1)]
    [InlineData(8, 131072, 8)]
    [InlineData(64, 131072, 4)]
    [InlineData(256, 131072, 1)]
    [InlineData(1024, 4096, 1)]
    public void Parts_fill_the_device_and_are_not_too_short(int sequences, int keys, int parts)
    {
        var shape = Decode with { Tokens = sequences, Sequences = sequences, MaxKvLength = keys };
        var config = SplitConfig.For(shape, 16, 132);
        Assert.Equal(parts, config.Splits);
        Assert.InRange(config.WorkspaceBytes(shape), 0, 64L << 20);
    }

    [Fact]
    public void A_window_counts_the_parts_in_sight_only() =>
        Assert.Equal(3, SplitConfig.For(Decode with { Sequences = 1, MaxKvLength = 131072, Window = 512 }, 16, 132).Splits);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(64, 4, 1)]
    [InlineData(65, 1, 65)]
    public void Tiles_cover_every_row(int rows, int sequences, int queries)
    {
        var shape = Decode with { Tokens = sequences * queries, Sequences = sequences, MaxQueryLength = queries };
        var exact = sequences * ((queries * 4 + rows - 1) / rows);
        Assert.InRange(shape.Tiles(rows), exact, exact + sequences);
    }

    [Fact]
    public void A_batch_is_mixed_unless_all_sequences_are_equally_long()
    {
        Assert.False(Decode.IsMixed);
        Assert.False((Decode with { Tokens = 640, MaxQueryLength = 10 }).IsMixed);
        Assert.True((Decode with { Tokens = 73, MaxQueryLength = 10 }).IsMixed);
    }

    [Theory]
    [InlineData(8, 4, 1)]
    [InlineData(128, 16, 1)]
    [InlineData(384, 64, 1)]
    [InlineData(4096, 512, 1)]
    [InlineData(5120, 1024, 1)]
    [InlineData(16384, 1024, 2)]
    public void Norm_rows_are_held_in_registers(int width, int threads, int vectors)
    {
        var config = RmsNormConfig.For(width);
        Assert.Equal(new RmsNormConfig(threads, vectors), config);
        Assert.True(config.Threads * config.Vectors * RowLaunch.Vector >= width);
        // Several rows share a block where each has a part of a warp: the sums of several warps meet in memory that the block has once.
        Assert.Equal(threads > 32 ? 1 : 128 / threads, config.RowsPerBlock);
        Assert.InRange(config.BlockThreads, 64, 1024);
    }

    [Theory]
    [InlineData(1, 128256)]
    [InlineData(256, 128256)]
    [InlineData(20000, 5)]
    public void Chunks_cover_every_column(int rows, int columns)
    {
        var config = SampleKernels.Config.For(rows, columns, 132);
        Assert.Equal(0, config.Columns % 4);
        Assert.InRange(columns, (config.Chunks - 1) * config.Columns + 1, config.Chunks * config.Columns);
    }
}
