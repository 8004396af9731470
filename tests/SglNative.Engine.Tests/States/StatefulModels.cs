using SglNative.Cpu;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Generation;
using SglNative.Engine.Loading;
using SglNative.Engine.Sampling;
using SglNative.Models.Registry;
using SglNative.Testing;

namespace SglNative.Engine.Tests.States;

/// <summary>Models with latent caches and states of fixed size, on the CPU.</summary>
internal static class StatefulModels
{
    private static readonly CpuOptions TwoThreads = new() { Threads = 2 };

    public static ServerArgs Args(string golden) => new()
    {
        ModelPath = TestFiles.Golden(golden), SkipTokenizerInit = true, Device = DeviceChoice.Cpu, DType = DTypeChoice.Float32, MaxTotalTokens = 8192, RandomSeed = 1,
    };

    public static LoadedModel Load(ServerArgs args) => ModelLoader.Load(args, args.ModelPath!, () => new CpuBackend(TwoThreads), ModelRegistry.Default.Copy());

    public static int[] Prompt(int length, int seed, int vocabulary)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(3, vocabulary))];
    }

    public static async Task<GenerateOutput[]> RunAsync(ServerArgs args, IEnumerable<int[]> prompts, int newTokens)
    {
        using var engine = await Engine.StartAsync(args);
        return await Task.WhenAll(prompts.Select(async prompt => Assert.Single(await engine.GenerateAsync(new GenerateRequest
        {
            InputIds = prompt, Sampling = new SamplingParams { MaxNewTokens = newTokens, Temperature = 0, IgnoreEos = true },
        })))).WaitAsync(TimeSpan.FromSeconds(120));
    }

    /// <summary>The logits of every position of sequences that are prefilled together, or token by token.</summary>
    public static Dictionary<(int Sequence, int Position), float[]> Logits(ServerArgs args, LoadedModel loaded, bool decode, params int[][] prompts)
    {
        var reader = new Collector();
        using var batch = new StaticBatch(args, loaded, decode ? [.. prompts.Select(prompt => prompt[..1])] : prompts, decode ? prompts.Max(prompt => prompt.Length) : 0, reader);
        batch.Compute();
        for (var p = 1; decode && p < prompts.Max(prompt => prompt.Length); p++)
        {
            for (var i = 0; i < prompts.Length; i++)
                if (p < prompts[i].Length) batch.Append(i, prompts[i][p]);
            batch.Compute();
        }
        return reader.Logits;
    }

    private sealed class Collector : ILogitsReader
    {
        public Dictionary<(int Sequence, int Position), float[]> Logits { get; } = [];

        public bool Wants(int sequence, int position) => true;

        public void Read(int sequence, int position, ReadOnlySpan<float> logits) => Logits.Add((sequence, position), logits.ToArray());
    }
}
