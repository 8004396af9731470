using System.Text.RegularExpressions;

namespace SglNative.Interop.Tests.Emulated;

/// <summary>Every kind of defect that the emulated device looks for, planted, and caught with kernel, block, thread and address.</summary>
public sealed partial class PlantedDefectTests(DefectFixture fixture) : IClassFixture<DefectFixture>
{
    [Theory]
    [InlineData("read_past_end", "thread (37, 0, 0)", "read of 4 bytes", "0 bytes past the end of the allocation", Count4)]
    [InlineData("write_before_start", "thread (5, 0, 0)", "write of 4 bytes", "bytes before the allocation")]
    [InlineData("uninitialized_global", "thread (0, 0, 0)", "read of 4 bytes meets uninitialised memory", "byte 0 of the allocation")]
    [InlineData("uninitialized_shared", "thread (63, 0, 0)", "uninitialised memory", "byte 252 of the shared array values, 256 bytes")]
    [InlineData("shared_past_end", "thread (63, 0, 0)", "write of 4 bytes", "0 bytes past the end of the shared array first, 256 bytes", 1)]
    [InlineData("shared_before_start", "thread (0, 0, 0)", "write of 4 bytes", "4 bytes before the shared array values, 256 bytes", 1)]
    [InlineData("misaligned", "thread (0, 0, 0)", "misaligned vector access", "no multiple of 16")]
    [InlineData("shared_race<false>", "thread (", "data race", "the shared array values")]
    [InlineData("warp_race<false>", "thread (", "data race", "the shared array values")]
    [InlineData("global_race<false>", "thread (", "write of address", "not ordered with the write by thread (")]
    [InlineData("one_writer<false>", "thread (", "data race", "byte 0 of the allocation")]
    [InlineData("buffer_race<false>", "thread (", "data race", "the shared array value")]
    [InlineData("atomic_race<false>", "thread (", "not ordered with the", "byte 0 of the allocation")]
    [InlineData("flag<false>", "thread (0, 0, 0)", "data race", "the shared array value")]
    [InlineData("async_copy<0>", "thread (", "to which cp.async copies", "the copy was not waited for")]
    [InlineData("async_copy<1>", "thread (", "data race", "the shared array staged")]
    [InlineData("bulk_copy<false>", "thread (", "read of address", "asynchronous write by the asynchronous proxy")]
    [InlineData("bulk_store_unfenced<false>", "thread (0, 0, 0)", "without a fence.proxy.async", "the shared array staged")]
    [InlineData("tensor_copy<false>", "thread (", "read of address", "asynchronous write by the asynchronous proxy")]
    [InlineData("tensor_store_unfenced<false>", "thread (0, 0, 0)", "without a fence.proxy.async", "the shared array staged")]
    [InlineData("wgmma_unfenced<false>", "thread (", "without a fence.proxy.async", "the shared array tile", Count4, 128)]
    [InlineData("barriers<5>", "thread (", "on an mbarrier that was not initialised", "the shared array barrier")]
    public void Accesses(string kernel, string thread, string what, string where, int count = Count4, int threads = DefectFixture.Count)
    {
        var message = Message(fixture.Run(kernel, count: count, threads: threads), kernel);
        Assert.Contains(thread, message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains(where, message, StringComparison.Ordinal);
        Assert.Matches(Address(), message);
    }

    [Theory]
    [InlineData("barrier_for_some", "a barrier is not reached by all threads", "waits at __syncthreads")]
    [InlineData("barrier_in_turns", "32 of its threads", "wait at a named barrier")]
    [InlineData("warp_for_some", "2 of its threads", "62 of its threads, the first being thread (0, 0, 0), wait at a shuffle for lanes 0xffffffff")]
    [InlineData("barriers<1>", "lacks 1 of 65 arrivals", "for parity 0 of the mbarrier at address 0x")]
    [InlineData("barriers<2>", "more arrivals than the 63", "the mbarrier at address 0x")]
    [InlineData("barriers<3>", "for parity 1 of the mbarrier at address 0x", "lacks 64 of 64 arrivals")]
    [InlineData("barriers<4>", "and 256 announced bytes", "for parity 0 of the mbarrier at address 0x")]
    public void Threads_that_wait_for_what_never_comes(string kernel, string first, string second)
    {
        var message = Message(fixture.Run(kernel), kernel);
        Assert.Contains(first, message, StringComparison.Ordinal);
        Assert.Contains(second, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("consumer", "a read of address")]
    [InlineData("overwriter", "a write of address")]
    public void Memory_of_the_preceding_grid_before_the_wait(string kernel, string what)
    {
        var message = Message(fixture.Run($"{kernel}<false>", before: "producer"), $"{kernel}<false>");
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains("which the preceding grid writes, before griddepcontrol.wait", message, StringComparison.Ordinal);
        Assert.Matches(Address(), message);
        Assert.Null(fixture.Run($"{kernel}<true>", before: "producer"));
        Assert.Null(fixture.Run($"{kernel}<false>", grid: 1));
    }

    [Fact]
    public void A_tile_that_begins_between_two_multiples_of_16_bytes() => Assert.Contains(
        "innermost coordinate is 2: 8 bytes are no multiple of 16", Message(fixture.Run("tile<2>", checkMemory: false), "tile<2>"), StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Freed_memory(bool checkMemory) => Assert.Matches(
        "address 0x[0-9a-f]{8,} .in the freed allocation 0x", Message(fixture.Run("freed", checkMemory, prepare: Prepare.Freed), "freed"));

    [Fact]
    public void The_end_of_dynamic_shared_memory() => Assert.Matches(
        "address 0x[0-9a-f]{8,} .0 bytes past the end of the dynamic shared memory, 256 bytes", Message(fixture.Run("dynamic_past_end", sharedMemory: 256), "dynamic_past_end"));

    [Fact]
    public void The_end_of_a_local_array() => Assert.Contains(
        "index 4 lies outside the array", Message(fixture.Run("index_outside", count: 1), "index_outside"), StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Division_by_zero(bool checkMemory) => Assert.Contains(
        "an integer division by zero", Message(fixture.Run("divides_by_zero", checkMemory, count: 1), "divides_by_zero"), StringComparison.Ordinal);

    [Fact]
    public void Without_checks_an_access_to_no_memory_is_an_error_of_the_kernel_and_not_the_end_of_the_process() => Assert.Contains(
        "past the end of the allocation", Message(fixture.Run("read_past_end", checkMemory: false, count: 1 << 12), "read_past_end"), StringComparison.Ordinal);

    [Fact]
    public void Without_checks_a_damaged_guard_zone_is_found_when_the_memory_is_freed()
    {
        using var device = fixture.Open(checkMemory: false, out var module);
        using var stream = device.CreateStream();
        // 100 bytes: what follows up to the end of the page belongs to nobody.
        var memory = device.Allocate(100);
        device.FillAsync(memory, (byte)0, 100, stream);
        Launch(device, module, stream, memory);
        stream.Synchronize();
        device.Free(memory);
        memory = device.Allocate(100);
        Launch(device, module, stream, memory + 8);
        stream.Synchronize();
        Assert.Contains("the guard zone around the allocation", Assert.Throws<DeviceException>(() => device.Free(memory)).Message, StringComparison.Ordinal);
        module.Dispose();
    }

    [Fact]
    public void After_an_error_the_device_is_lost()
    {
        using var device = fixture.Open(checkMemory: true, out var module);
        using var stream = device.CreateStream();
        Launch(device, module, stream, 0x1000);
        Assert.True(Assert.Throws<DeviceException>(stream.Synchronize).IsFatal);
        Assert.True(Assert.Throws<DeviceException>(() => device.Allocate(16)).IsFatal);
        module.Dispose();
    }

    [Theory]
    [MemberData(nameof(DefectKernels.Right), MemberType = typeof(DefectKernels))]
    public void What_is_right_passes(string kernel)
    {
        var threads = kernel.StartsWith("wgmma", StringComparison.Ordinal) ? 128 : DefectFixture.Count;
        Assert.Null(fixture.Run(kernel, threads: threads, grid: 1));
        Assert.Null(fixture.Run(kernel, checkMemory: false, threads: threads, grid: 1));
    }

    private const int Count4 = DefectFixture.Count * 4;

    // A kernel of one thread writes at the address.
    private static unsafe void Launch(IComputeDevice device, DeviceModule module, DeviceStream stream, nint address)
    {
        var arguments = stackalloc byte[192];
        new Span<byte>(arguments, 192).Clear();
        *(nint*)(arguments + 128) = address;
        device.Launch(module.GetFunction("producer"), new LaunchConfig(stream, 1, 24), [(nint)arguments]);
    }

    private static string Message(DeviceException? error, string kernel)
    {
        Assert.NotNull(error);
        TestContext.Current.TestOutputHelper?.WriteLine(error.Message);
        Assert.StartsWith($"{kernel}: block (", error.Message, StringComparison.Ordinal);
        Assert.Contains("thread (", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsFatal);
        return error.Message;
    }

    [GeneratedRegex("address 0x[0-9a-f]{8,}")]
    private static partial Regex Address();
}
