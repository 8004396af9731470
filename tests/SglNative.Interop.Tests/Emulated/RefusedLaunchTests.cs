namespace SglNative.Interop.Tests.Emulated;

/// <summary>Launches that a real device would refuse.</summary>
public sealed class RefusedLaunchTests(DefectFixture fixture) : IClassFixture<DefectFixture>
{
    public static TheoryData<string, string, LaunchShape> Launches => new()
    {
        { "bounded", "__launch_bounds__ allow 96 threads", new(Threads: 128) },
        { "bounded_template<2>", "__launch_bounds__ allow 64 threads", new(Threads: 96) },
        { "producer", "at most 1024 threads", new(Threads: 1025) },
        { "producer", "1024 x 1024 x 64", new(Threads: 1, ThreadsZ: 65) },
        { "producer", "the block has no threads", new(Threads: 0) },
        { "producer", "no blocks", new(Grid: 0) },
        { "producer", "65535", new(GridY: 65536) },
        { "producer", "49152 bytes until more are asked for", new(SharedMemory: 49153) },
        { "shared_race<true>", "48896 bytes until more are asked for", new(SharedMemory: 48897) },
        { "producer", "does not divide the grid", new(Grid: 6, Cluster: 4) },
        { "producer", "AllowNonPortableClusterSize", new(Grid: 32, Cluster: 16) },
        { "producer", "a cluster has at most 16 blocks", new(Grid: 64, Cluster: 32) },
        { "producer", "4224 blocks at most", new(Grid: 4225, Cooperative: true) },
    };

    [Theory]
    [MemberData(nameof(Launches), DisableDiscoveryEnumeration = true)]
    public unsafe void Are_refused_with_kernel_and_numbers(string kernel, string why, LaunchShape shape)
    {
        using var device = fixture.Open(checkMemory: true, out var module);
        using var stream = device.CreateStream();
        var arguments = stackalloc byte[192];
        var config = new LaunchConfig(stream, (shape.Grid, shape.GridY), new Dim3(shape.Threads, 1, shape.ThreadsZ), shape.SharedMemory) { Cluster = shape.Cluster == 0 ? default : (Dim3)shape.Cluster, Cooperative = shape.Cooperative };
        var address = (nint)arguments;
        var error = Assert.Throws<DeviceException>(() => device.Launch(module.GetFunction(kernel), config, [address]));
        Assert.Contains($"launch of {kernel} refused: grid {config.Grid}, block {config.Block}", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.False(error.IsFatal);
        stream.Synchronize();
        module.Dispose();
    }

    [Fact]
    public void No_function_may_ask_for_more_shared_memory_than_a_block_can_have()
    {
        using var device = fixture.Open(checkMemory: true, out var module);
        var most = device.Capabilities.SharedMemoryPerBlockOptIn;
        module.GetFunction("producer").SetMaxDynamicSharedMemory(most);
        Assert.Throws<ArgumentOutOfRangeException>(() => module.GetFunction("producer").SetMaxDynamicSharedMemory(most + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => module.GetFunction("shared_race<true>").SetMaxDynamicSharedMemory(most));
        module.Dispose();
    }

    /// <summary>The numbers of a launch.</summary>
    public sealed record LaunchShape(int Grid = 1, int GridY = 1, int Threads = 32, int ThreadsZ = 1, int SharedMemory = 0, int Cluster = 0, bool Cooperative = false);
}
