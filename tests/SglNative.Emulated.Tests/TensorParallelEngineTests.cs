using System.Diagnostics;
using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Engine;
using SglNative.Engine.Configuration;
using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;
using SglNative.Interop.Emulated;
using SglNative.Models.Architectures;
using SglNative.Models.Batches;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Testing;

namespace SglNative.Emulated.Tests;

/// <summary>An engine over two emulated devices, as <c>serve --tensor-parallel-size 2</c> starts it.</summary>
public sealed class TensorParallelEngineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static ServerArgs Args => new()
    {
        ModelPath = TestFiles.Golden("llama3"), SkipTokenizerInit = true, Device = DeviceChoice.Emulated, DType = DTypeChoice.Float32, MaxTotalTokens = 2048, RandomSeed = 1,
        PageSize = 16, ChunkedPrefillSize = 64, TensorParallelSize = 2,
    };

    [Fact]
    public async Task Requests_side_by_side_get_the_tokens_and_probabilities_of_one_device()
    {
        SkipWithoutCompiler();
        await using var one = await Engine.Engine.StartAsync(Args with { Device = DeviceChoice.Cpu, TensorParallelSize = 1 });
        await using var two = await Engine.Engine.StartAsync(Args);
        Assert.StartsWith("2 x emulated", two.Model.Device, StringComparison.Ordinal);
        // A prompt of several chunks whose own probabilities are wanted, more than are computed at once; and others beside it.
        GenerateRequest[] requests =
        [
            Request(200, 1, new SamplingParams { MaxNewTokens = 8, Temperature = 0, IgnoreEos = true }) with { ReturnLogProbs = true, TopLogProbs = 3, LogProbStart = 0 },
            Request(20, 2, new SamplingParams { MaxNewTokens = 12, Temperature = 0, IgnoreEos = true }),
            Request(5, 3, new SamplingParams { MaxNewTokens = 10, Temperature = 0.7f, TopK = 8, Seed = 5, FrequencyPenalty = 0.5f, IgnoreEos = true }),
        ];
        var expected = await Task.WhenAll(requests.Select(request => one.GenerateAsync(request)));
        var found = await Task.WhenAll(requests.Select(request => two.GenerateAsync(request))).WaitAsync(Patience);
        for (var i = 0; i < requests.Length; i++) Assert.Equal(expected[i][0].TokenIds, found[i][0].TokenIds);
        Assert.Equal(200, found[0][0].PromptLogProbs.Count);
        foreach (var (a, b) in expected[0][0].PromptLogProbs.Concat(expected[0][0].LogProbs).Zip(found[0][0].PromptLogProbs.Concat(found[0][0].LogProbs)).Skip(1))
            Assert.Equal(a.Token.LogProb!.Value, b.Token.LogProb!.Value, 1e-4);
        Assert.InRange(two.Stats.ReplayedSteps, 1, two.Stats.Steps - 1);
    }

    [Theory]
    [InlineData("wide_llama_gqa", DTypeChoice.BFloat16)]
    [InlineData("qwen3_next", DTypeChoice.Float32)]
    [InlineData("deepseek_v2", DTypeChoice.BFloat16)]
    public async Task Steps_that_both_devices_replay_give_the_bits_of_those_that_they_do_not(string golden, DTypeChoice dtype)
    {
        SkipWithoutCompiler();
        var args = Args with { ModelPath = TestFiles.Golden(golden), DType = dtype };
        // Three side by side are padded to four.
        GenerateRequest[] requests = [.. Enumerable.Range(0, 3).Select(i => Request(9 + 20 * i, i, new SamplingParams { MaxNewTokens = 20 - 3 * i, Temperature = i, Seed = i, IgnoreEos = true }) with { ReturnLogProbs = true })];
        var outputs = new List<GenerateOutput[]>();
        foreach (var disabled in (bool[])[true, false])
        {
            await using var engine = await Engine.Engine.StartAsync(args with { DisableCudaGraph = disabled });
            outputs.Add([.. (await Task.WhenAll(requests.Select(request => engine.GenerateAsync(request))).WaitAsync(Patience)).Select(Assert.Single)]);
            Assert.Equal(disabled, engine.Stats.ReplayedSteps == 0);
        }
        for (var i = 0; i < requests.Length; i++)
        {
            Assert.Equal(outputs[0][i].TokenIds, outputs[1][i].TokenIds);
            Assert.Equal(outputs[0][i].LogProbs.Select(position => position.Token), outputs[1][i].LogProbs.Select(position => position.Token));
        }
    }

    [Fact]
    public async Task A_device_that_fails_alone_is_named_and_nobody_waits()
    {
        SkipWithoutCompiler();
        var registry = ModelRegistry.Default.Copy();
        registry.Register("LlamaForCausalLM", (config, root) => new Failing(config, root), nameof(Failing), "tests");
        await using var engine = await Engine.Engine.StartAsync(Args with { DisableCudaGraph = true }, registry: registry);
        var started = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<EngineException>(() => engine.GenerateAsync(Request(5, 1, new SamplingParams { MaxNewTokens = 8, Temperature = 0, IgnoreEos = true })).WaitAsync(Patience));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 30);
        const string why = "rank 1: boom; the 2 ranks of the model are no longer in step, and no further step can run: restart";
        Assert.Equal(why, engine.Failure);
        Assert.Equal(why, Assert.Throws<EngineUnavailableException>(() => engine.StreamAsync(Request(5, 1, new SamplingParams()))).Message);
    }

    [Fact]
    public async Task A_device_that_fails_while_steps_are_recorded_ends_the_start()
    {
        SkipWithoutCompiler();
        var registry = ModelRegistry.Default.Copy();
        registry.Register("LlamaForCausalLM", (config, root) => new Failing(config, root), nameof(Failing), "tests");
        var e = await Assert.ThrowsAsync<SglException>(() => Engine.Engine.StartAsync(Args, registry: registry).WaitAsync(Patience));
        Assert.StartsWith("rank 1: boom; the 2 ranks of the model are no longer in step", e.Message, StringComparison.Ordinal);
    }

    private static GenerateRequest Request(int length, int seed, SamplingParams sampling)
    {
        var random = new Random(seed);
        return new GenerateRequest { InputIds = [.. Enumerable.Range(0, length).Select(_ => random.Next(3, 90))], Sampling = sampling };
    }

    private static void SkipWithoutCompiler()
    {
        if (new EmulatedDeviceProvider().CountDevices(out var reason) == 0) Assert.Skip(reason!);
    }

    // The second device's third step fails in the middle of the model, when the first one has gone on.
    private sealed class Failing(JsonConfig config, ModuleScope root) : LlamaForCausalLM(config, root)
    {
        private int _steps;

        public override Tensor Forward(ForwardBatch batch, Tensor hidden) => Build.Parallel.Rank == 1 && ++_steps == 3
            ? throw new InvalidOperationException("boom") : base.Forward(batch, hidden);
    }
}
