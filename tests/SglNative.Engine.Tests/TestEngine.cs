using SglNative.Engine.Configuration;
using SglNative.Engine.Generation;
using SglNative.Engine.Loading;
using SglNative.Engine.Sampling;
using SglNative.Cpu;
using SglNative.Models.Registry;

namespace SglNative.Engine.Tests;

/// <summary>Engines and models on the CPU, in float32, over the goldens.</summary>
internal static class TestEngine
{
    private static readonly CpuOptions TwoThreads = new() { Threads = 2 };

    /// <summary>Arguments for a golden, which has no tokenizer.</summary>
    public static ServerArgs Args(string golden) => new()
    {
        ModelPath = TestFiles.Golden(golden), SkipTokenizerInit = true, Device = DeviceChoice.Cpu, DType = DTypeChoice.Float32, MaxTotalTokens = 8192, RandomSeed = 1,
    };

    /// <summary>The demo model, which has one.</summary>
    public static ServerArgs Demo { get; } = new() { Device = DeviceChoice.Cpu, DType = DTypeChoice.Float32, MaxTotalTokens = 8192, RandomSeed = 1 };

    public static LoadedModel Load(ServerArgs args, ModelRegistry? registry = null) =>
        ModelLoader.Load(args, args.ModelPath!, () => new CpuBackend(TwoThreads), registry ?? ModelRegistry.Default.Copy());

    public static Task<Engine> StartAsync(ServerArgs args, Action? onForward = null) =>
        Engine.StartAsync(args, registry: onForward is null ? null : ProbedLlama.Registry(onForward));

    /// <summary>A request for <paramref name="newTokens"/> greedy tokens, whatever the model thinks of ending.</summary>
    public static GenerateRequest Greedy(IReadOnlyList<int> prompt, int newTokens) => new()
    {
        InputIds = prompt, Sampling = new SamplingParams { MaxNewTokens = newTokens, Temperature = 0, IgnoreEos = true },
    };

    /// <summary>Ids of a prompt that differs for every <paramref name="seed"/>.</summary>
    public static int[] Prompt(int length, int seed, int vocabulary = 256)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(3, vocabulary))];
    }

    public static async Task<GenerateOutput> OneAsync(this Engine engine, GenerateRequest request) => Assert.Single(await engine.GenerateAsync(request));

    /// <summary>Waits until the scheduler has given all pages back.</summary>
    public static async Task AllPagesFreeAsync(this Engine engine)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (engine.Stats.UsedPages > 0 || engine.Stats.Running > 0 || engine.Stats.Waiting > 0) await Task.Delay(5, patience.Token);
    }
}
