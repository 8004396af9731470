using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution.Graphs;

namespace SglNative.Engine.Tests.Execution;

public sealed class GraphSizesTests
{
    private const long Large = 140L << 30, Small = 8L << 30;

    [Fact]
    public void The_usual_sizes_reach_as_far_as_memory_suggests()
    {
        Assert.Equal([1, 2, 4, 8], Sizes(new ServerArgs(), Small));
        Assert.Equal([1, 2, 4, 8, 12, 16, 24], Sizes(new ServerArgs(), 24L << 30));
        var large = Sizes(new ServerArgs(), Large);
        Assert.Equal([1, 2, 4, 8, 12, 16, 24, 32, 40], large.Take(9));
        Assert.Equal(256, large[^1]);
    }

    [Fact]
    public void The_largest_is_what_was_asked_for_or_may_run()
    {
        Assert.Equal([1, 2, 4, 8, 10], Sizes(new ServerArgs { CudaGraphMaxBs = 10 }, Large));
        Assert.Equal([1, 2, 3], Sizes(new ServerArgs(), Large, maxRunning: 3));
        Assert.Equal(600, Sizes(new ServerArgs { CudaGraphMaxBs = 600 }, Small, maxRunning: 1000)[^1]);
    }

    [Fact]
    public void Sizes_may_be_chosen()
    {
        Assert.Equal([3, 7, 20], Sizes(new ServerArgs { CudaGraphBs = [7, 3, 20, 7] }, Small));
        Assert.Equal([3, 7], Sizes(new ServerArgs { CudaGraphBs = [7, 3, 20], CudaGraphMaxBs = 8 }, Small));
        // A size that no batch has pads those that there are.
        Assert.Equal([3, 5], Sizes(new ServerArgs { CudaGraphBs = [3, 64] }, Small, maxRunning: 5));
    }

    [Fact]
    public void Batches_take_the_next_size_or_the_very_one()
    {
        var padded = GraphSizes.Choose(new ServerArgs(), Small, 256);
        Assert.Equal([1, 2, 4, 4, 8, 8, 0], ((int[])[1, 2, 3, 4, 5, 8, 9]).Select(padded.SizeFor));
        Assert.Equal([1, 2, 4], padded.UpTo(3).Sizes);
        Assert.Equal([1, 2, 4, 8], padded.UpTo(50).Sizes);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], Sizes(new ServerArgs { DisableCudaGraphPadding = true }, Small));
        var exact = GraphSizes.Choose(new ServerArgs { DisableCudaGraphPadding = true, CudaGraphBs = [2, 4] }, Small, 256);
        Assert.Equal([0, 2, 0, 4, 0], ((int[])[1, 2, 3, 4, 5]).Select(exact.SizeFor));
        Assert.Empty(exact.UpTo(1).Sizes);
    }

    [Theory]
    [InlineData(0, "--cuda-graph-max-bs is 0, expected 1 to 4096")]
    [InlineData(5000, "--cuda-graph-max-bs is 5000, expected 1 to 4096")]
    public void A_size_that_makes_no_sense_is_refused(int size, string message)
    {
        Assert.Equal(message, Assert.Throws<SglException>(() => Sizes(new ServerArgs { CudaGraphMaxBs = size }, Small)).Message);
        Assert.StartsWith($"--cuda-graph-bs holds {size}", Assert.Throws<SglException>(() => Sizes(new ServerArgs { CudaGraphBs = [1, size] }, Small)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cpu_captures_nothing()
    {
        using var loaded = TestEngine.Load(TestEngine.Args("llama3"));
        Assert.Same(GraphSizes.None, GraphSizes.For(TestEngine.Args("llama3"), loaded.Backend, loaded.Model, 8));
    }

    private static IReadOnlyList<int> Sizes(ServerArgs args, long memory, int maxRunning = 256) => GraphSizes.Choose(args, memory, maxRunning).Sizes;
}
