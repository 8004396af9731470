using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Loading;
using SglNative.Interop.Emulated;
using SglNative.Models.Registry;
using SglNative.Testing;

namespace SglNative.Emulated.Tests;

/// <summary>What a replayed step leaves on the host.</summary>
public sealed class ReplayTests
{
    [Fact]
    public void Replayed_steps_allocate_nothing_on_the_managed_heap()
    {
        var args = Args("llama3");
        using var loaded = Load(args);
        using var batch = new StaticBatch(args, loaded, [[3, 4, 5], [6], [7, 8]], 60);
        Assert.Equal(4, batch.CapturedSize);
        batch.Capture();
        batch.Compute();
        // Tables of tokens have their size from the start; the first steps fill what is kept.
        for (var step = 0; step < 10; step++) Step(batch);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 40; step++) Step(batch);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(50, batch.ReplayedSteps);
    }

    /// <summary>Near-ties of routers explain what a comparison finds; it must see them in the steps that are served.</summary>
    [Theory]
    [InlineData("mixtral")]
    [InlineData("deepseek_v3")]
    public void Choices_of_routers_are_seen_in_replayed_steps(string golden)
    {
        var args = Args(golden);
        using var loaded = Load(args);
        var expected = Choices(args with { DisableCudaGraph = true }, loaded, out var eager);
        var actual = Choices(args, loaded, out var captured);
        Assert.Equal((0, 5), (eager, captured));
        Assert.NotEmpty(expected);
        Assert.Equal(expected, actual);
    }

    private static List<string> Choices(ServerArgs args, LoadedModel loaded, out int replayed)
    {
        var choices = new List<string>();
        using var batch = new StaticBatch(args, loaded, [[3, 4, 5], [6], [7, 8]], 6);
        using var observer = new RouterObserver(loaded.Model, batch, (router, sequence, position, choice) =>
            choices.Add($"{router.Name} {sequence} {position}: {string.Join(' ', choice.Experts)} {choice.Nearest()?.Gap}"));
        loaded.Model.Build.Observer = observer;
        batch.Compute();
        for (var step = 0; step < 5; step++) Step(batch);
        loaded.Model.Build.Observer = null;
        replayed = batch.ReplayedSteps;
        return choices;
    }

    private static void Step(StaticBatch batch)
    {
        for (var i = 0; i < batch.Count; i++) batch.Append(i, batch.NextTokens[i]);
        batch.Compute();
    }

    private static ServerArgs Args(string golden)
    {
        if (new EmulatedDeviceProvider().CountDevices(out var reason) == 0) Assert.Skip(reason!);
        return new() { ModelPath = TestFiles.Golden(golden), Device = DeviceChoice.Emulated, DType = DTypeChoice.BFloat16, PageSize = 16, MaxTotalTokens = 1024 };
    }

    private static LoadedModel Load(ServerArgs args) => ModelLoader.Load(args, args.ModelPath!, () => DeviceOpener.Open(args), ModelRegistry.Default.Copy());
}
