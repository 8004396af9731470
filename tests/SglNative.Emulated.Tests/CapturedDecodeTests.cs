using SglNative.Cuda;
using SglNative.Engine.Configuration;
using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;
using SglNative.Interop.Emulated;
using SglNative.Testing;

namespace SglNative.Emulated.Tests;

/// <summary>
/// Decode steps that replay graphs give the bits of steps that run operation by operation, whatever the batch is at the time: requests
/// come and go, lengths cross the borders of pages and of the parts that keys are cut into, and batches are padded.
/// </summary>
public sealed class CapturedDecodeTests
{
    // Prompts stay whole; of what a chunk border would change, nothing is asked here.
    private static readonly (int Prompt, int New)[] Lengths = [(3, 30), (250, 12), (17, 8), (40, 25), (256, 3), (9, 40), (61, 17), (1, 5), (30, 33)];

    public static TheoryData<string, DTypeChoice, int> Models => new()
    {
        { "llama3", DTypeChoice.Float32, 1 },
        { "wide_llama_gqa", DTypeChoice.BFloat16, 64 },
        { "wide_mistral_hd128_window", DTypeChoice.BFloat16, 16 },
        { "wide_rope_longrope", DTypeChoice.Float32, 16 },
        { "qwen3_moe", DTypeChoice.BFloat16, 64 },
        { "gpt_oss", DTypeChoice.BFloat16, 64 },
        { "deepseek_v2", DTypeChoice.BFloat16, 64 },
        { "qwen3_next", DTypeChoice.BFloat16, 64 },
        { "lfm2", DTypeChoice.Float32, 16 },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Answers_are_those_of_steps_that_are_not_captured(string golden, DTypeChoice dtype, int pageSize)
    {
        var args = Args(golden) with { DType = dtype, PageSize = pageSize, MaxRunningRequests = 7 };
        GenerateRequest[] requests = [.. Lengths.Select(Request)];
        var (expected, _) = await RunAsync(args with { DisableCudaGraph = true }, requests, captured: false);
        var (actual, unprepared) = await RunAsync(args, requests, captured: true);
        AssertEqual(expected, actual);
        Assert.Empty(unprepared);
    }

    [Fact]
    public async Task Answers_are_those_of_a_large_pool_when_sequences_are_set_back()
    {
        var large = Args("llama3") with { DType = DTypeChoice.Float32, PageSize = 16, MaxRunningRequests = 8 };
        GenerateRequest[] requests = [.. Enumerable.Range(0, 8).Select(i => Request((5 + 3 * i, 40), i))];
        var (expected, _) = await RunAsync(large with { DisableCudaGraph = true }, requests, captured: false);
        var (actual, _) = await RunAsync(large with { MaxTotalTokens = 192, ScheduleConservativeness = 0 }, requests, captured: true);
        Assert.True(actual.Sum(output => output.Retractions) > 0, "nothing was set back");
        AssertEqual(expected, actual);
    }

    [Fact]
    public async Task Without_padding_only_batches_of_the_very_size_are_replayed()
    {
        var args = Args("llama3") with { DType = DTypeChoice.Float32, CudaGraphBs = [2], DisableCudaGraphPadding = true };
        using var engine = await Engine.Engine.StartAsync(args);
        await engine.GenerateAsync(Request((5, 20), 0));
        Assert.Equal(0, engine.Stats.ReplayedSteps);
        await engine.GenerateAsync(Request((5, 20), 0) with { Sampling = new SamplingParams { MaxNewTokens = 20, N = 2, IgnoreEos = true } });
        Assert.InRange(engine.Stats.ReplayedSteps, 15, 19);
    }

    private static ServerArgs Args(string golden)
    {
        if (new EmulatedDeviceProvider().CountDevices(out var reason) == 0) Assert.Skip(reason!);
        return new() { ModelPath = TestFiles.Golden(golden), SkipTokenizerInit = true, Device = DeviceChoice.Emulated, MaxTotalTokens = 4096, RandomSeed = 1 };
    }

    private static GenerateRequest Request((int Prompt, int New) lengths, int seed)
    {
        var random = new Random(seed);
        return new()
        {
            InputIds = [.. Enumerable.Range(0, lengths.Prompt).Select(_ => random.Next(3, 90))], ReturnLogProbs = true, TopLogProbs = 2,
            Sampling = new SamplingParams
            {
                MaxNewTokens = lengths.New, Temperature = seed % 3 == 0 ? 0 : 1, TopP = 0.9f, Seed = seed, IgnoreEos = true, FrequencyPenalty = seed % 2 * 0.3f,
            },
        };
    }

    private static async Task<(GenerateOutput[] Outputs, string[] Unprepared)> RunAsync(ServerArgs args, GenerateRequest[] requests, bool captured)
    {
        using var engine = await Engine.Engine.StartAsync(args);
        var outputs = await Task.WhenAll(requests.Select(async request => Assert.Single(await engine.GenerateAsync(request))));
        var decodes = requests.Max(request => request.Sampling.MaxNewTokens) / 2;
        Assert.True(captured ? engine.Stats.ReplayedSteps >= decodes : engine.Stats.ReplayedSteps == 0, $"{engine.Stats.ReplayedSteps} of {engine.Stats.Steps} steps replayed a graph");
        return (outputs, [.. ((CudaBackend)engine.Backend).UnpreparedKernels]);
    }

    private static void AssertEqual(GenerateOutput[] expected, GenerateOutput[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].TokenIds, actual[i].TokenIds);
            // Equal as numbers, not nearly.
            Assert.Equal(expected[i].LogProbs.Select(position => position.Token), actual[i].LogProbs.Select(position => position.Token));
            Assert.Equal(expected[i].LogProbs.SelectMany(position => position.Top), actual[i].LogProbs.SelectMany(position => position.Top));
        }
    }
}
