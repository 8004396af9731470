using Microsoft.Extensions.Logging;
using SglNative.Engine.Caching;
using SglNative.Engine.Configuration;
using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;
using SglNative.Engine.Scheduling;
using SglNative.Interop;
using SglNative.Models.Registry;

namespace SglNative.Engine.Tests.Scheduling;

/// <summary>A step that throws ends the requests it throws for; the others' answers are those of a run without the guilty.</summary>
public class StepIsolationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // No innocent prompt has it, and no answer: all are biased against it.
    private const int Poison = 255;

    [Theory]
    [InlineData("llama2", "forward", 0f)]
    [InlineData("llama2", "forward", 1f)]
    [InlineData("llama2", "embed", 0f)]
    [InlineData("llama2", "logits", 0f)]
    [InlineData("qwen3_next", "forward", 0f)]
    [InlineData("lfm2", "forward", 0f)]
    [InlineData("deepseek_v3", "forward", 0f)]
    [InlineData("gemma2", "forward", 0f)]
    public async Task The_others_get_what_they_would_get_without_the_guilty(string golden, string part, float temperature)
    {
        // Chunks that cut prompts, and pages for all: prompts and decoding sequences share most steps.
        var args = TestEngine.Args(golden) with { ChunkedPrefillSize = 16, MaxRunningRequests = 10, PageSize = 16 };
        GenerateRequest[] innocent = [.. Enumerable.Range(0, 7).Select(i => Request(TestEngine.Prompt(3 + 7 * i, i, Poison), 24, temperature, i))];
        GenerateRequest[] guilty =
        [
            Request([3, Poison], 24, temperature, 20),
            // Found in its third chunk, when its first two are computed and remembered.
            Request([.. TestEngine.Prompt(40, 21, Poison), Poison, 7], 24, temperature, 21),
            Request([.. TestEngine.Prompt(12, 22, Poison), Poison], 24, temperature, 22),
        ];
        var expected = await RunAsync(args, null, innocent);
        var model = FailingModel.On(Poison, part);
        var actual = await RunAsync(args, model.Registry(args), [innocent[0], guilty[0], .. innocent[1..4], guilty[1], .. innocent[4..], guilty[2]]);
        foreach (var i in (int[])[1, 5, 9])
        {
            var e = Assert.IsType<EngineException>(actual[i]);
            Assert.Matches("^internal error [0-9a-f]{12}$", e.Message);
            Assert.IsType<InvalidOperationException>(e.InnerException);
        }
        var others = actual.Where((_, i) => i is not (1 or 5 or 9)).Cast<GenerateOutput>().ToArray();
        for (var i = 0; i < innocent.Length; i++)
        {
            var answer = (GenerateOutput)expected[i];
            Assert.Equal(answer.TokenIds, others[i].TokenIds);
            Assert.Equal(answer.LogProbs.Select(position => position.Token), others[i].LogProbs.Select(position => position.Token));
            Assert.Equal(answer.PromptLogProbs.Select(position => position.Token), others[i].PromptLogProbs.Select(position => position.Token));
        }
    }

    [Theory]
    [InlineData("llama3")]
    [InlineData("qwen3_next")]
    public async Task A_sequence_that_becomes_guilty_while_it_decodes_falls_alone(string golden)
    {
        var args = TestEngine.Args(golden) with { PageSize = 16 };
        GenerateRequest[] requests = [.. Enumerable.Range(0, 6).Select(i => Request(TestEngine.Prompt(9 + 5 * i, 40 + i, Poison), 40, 0, i))];
        var expected = (await RunAsync(args, null, requests)).Cast<GenerateOutput>().ToArray();
        // A token that one answer alone holds, not at its beginning and not at its end.
        var (culprit, token) = Enumerable.Range(0, requests.Length).SelectMany(i => expected[i].TokenIds.Skip(8).SkipLast(2).Select(token => (i, token)))
            .First(one => Enumerable.Range(0, requests.Length).All(i => (i == one.i || !expected[i].TokenIds.Contains(one.token)) && !requests[i].InputIds!.Contains(one.token))
                && !expected[one.i].TokenIds.Take(8).Contains(one.token));
        var actual = await RunAsync(args, FailingModel.On(token).Registry(args), requests);
        for (var i = 0; i < requests.Length; i++)
            if (i == culprit) Assert.IsType<EngineException>(actual[i]);
            else Assert.Equal(expected[i].TokenIds, ((GenerateOutput)actual[i]).TokenIds);
    }

    [Theory]
    [InlineData(ModelSource.ExternalPackage)]
    [InlineData(ModelSource.Application)]
    public async Task Each_failed_request_is_a_line_that_names_the_plugin_and_the_cause(ModelSource source)
    {
        var args = TestEngine.Args("llama2");
        var log = new RecordedLog();
        using var engine = await Engine.StartAsync(args, log, FailingModel.On(Poison).Registry(args, source));
        var failed = await Assert.ThrowsAsync<EngineException>(() => engine.GenerateAsync(Request([3, Poison], 4, 0, 0) with { RequestId = "bad" }));
        var line = Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error);
        Assert.StartsWith(@"Failing (Unlucky 1.2.3) failed request bad: InvalidOperationException: token 255\u000ais not liked (SglNative.Engine.Tests.Scheduling.FailingModel.Throw", line.Message, StringComparison.Ordinal);
        Assert.EndsWith($"error id {failed.Message["internal error ".Length..]}", line.Message, StringComparison.Ordinal);
        // The trace of an application's own code is its log's concern; a plugin's is there at debug.
        Assert.Equal(source == ModelSource.Application, line.Exception is not null);
        Assert.Equal(source != ModelSource.Application, log.Entries.Any(entry => entry is { Level: LogLevel.Debug, Exception: InvalidOperationException }));
    }

    [Fact]
    public async Task A_step_that_fails_for_its_size_fails_nobody_and_is_told()
    {
        var args = TestEngine.Args("llama2");
        GenerateRequest[] requests = [.. Enumerable.Range(0, 6).Select(i => Request(TestEngine.Prompt(4 + i, i), 12, 0, i))];
        var expected = (await RunAsync(args, null, requests)).Cast<GenerateOutput>().ToArray();
        var log = new RecordedLog();
        var model = new FailingModel(ids => ids.Length > 3 && ids.Length < 7 ? new DeviceOutOfMemoryException("no room") : null);
        var actual = (await RunAsync(args, model.Registry(args), requests, log)).Cast<GenerateOutput>().ToArray();
        for (var i = 0; i < requests.Length; i++) Assert.Equal(expected[i].TokenIds, actual[i].TokenIds);
        Assert.Contains(log.Entries, entry => entry.Level == LogLevel.Warning
            && entry.Message.Contains("sequences, each of which succeeds in a smaller one: DeviceOutOfMemoryException: no room", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_that_always_throws_is_asked_no_more_than_twice_for_each_request()
    {
        var args = TestEngine.Args("llama2");
        var model = new FailingModel(_ => new InvalidOperationException("never"));
        var answers = await RunAsync(args, model.Registry(args), [.. Enumerable.Range(0, 16).Select(i => Request([3, 4 + i], 4, 0, i))]);
        Assert.All(answers, answer => Assert.IsType<EngineException>(answer));
        Assert.InRange(model.Steps, 16, 2 * 16);
    }

    [Fact]
    public async Task A_lost_device_is_not_asked_again()
    {
        var args = TestEngine.Args("llama2");
        var model = new FailingModel(ids => ids.Contains(Poison)
            ? new InvalidOperationException("wrapped", new DeviceException("cuLaunchKernel", 700, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access") { IsFatal = true }) : null);
        var log = new RecordedLog();
        using var engine = await Engine.StartAsync(args, log, model.Registry(args));
        // The second waits for the first's step, so that the guilty one is not alone.
        var answers = await Task.WhenAll(((GenerateRequest[])[Request([3, 4], 400, 0, 0), Request([3, 5], 400, 0, 1), Request([3, Poison], 4, 0, 2)]).Select(request => AnswerAsync(engine, request))).WaitAsync(Patience);
        Assert.All(answers, answer => Assert.IsType<EngineException>(answer));
        var steps = model.Steps;
        Assert.Contains("the device failed and computes nothing any more", engine.Failure, StringComparison.Ordinal);
        Assert.Equal(engine.Failure, Assert.Throws<EngineUnavailableException>(() => engine.StreamAsync(Request([3, 4], 4, 0, 0))).Message);
        await engine.AllPagesFreeAsync();
        Assert.Equal(steps, model.Steps);
        Assert.StartsWith("the device failed in a step of Failing (Unlucky 1.2.3): DeviceException: cuLaunchKernel failed: CUDA_ERROR_ILLEGAL_ADDRESS (700): an illegal memory access",
            Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clearing_gives_back_pages_and_states_whatever_their_accounts_say()
    {
        var (pages, states) = (new PageAllocator(9, 16), new StateAllocator(2));
        var set = new RunningSet(pages, states);
        var options = new SequenceOptions { MaxNewTokens = 4, StopTokens = new HashSet<int>(), Seed = 0 };
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 2; i++)
            {
                set.Enqueue(new Sequence("a", i, [1, 2, 3], options));
                Assert.True(set.TryReserve(set.Admit(), 40));
            }
            Assert.False(set.HasStateRoom);
            Assert.All(set.Clear(), sequence => Assert.Equal((0, 0), (sequence.StateSlot, sequence.Pages.Count)));
            Assert.True(set.HasStateRoom);
            Assert.Equal(8, pages.Free);
        }
    }

    private static GenerateRequest Request(IReadOnlyList<int> prompt, int newTokens, float temperature, int seed) => new()
    {
        InputIds = prompt, ReturnLogProbs = true, LogProbStart = 0,
        Sampling = new SamplingParams { MaxNewTokens = newTokens, Temperature = temperature, Seed = seed, IgnoreEos = true, LogitBias = new Dictionary<int, float> { [Poison] = -100 } },
    };

    // Each request's answer, or what its caller got instead.
    private static async Task<object[]> RunAsync(ServerArgs args, ModelRegistry? registry, GenerateRequest[] requests, RecordedLog? log = null)
    {
        using var engine = await Engine.StartAsync(args, log, registry);
        var answers = await Task.WhenAll(requests.Select(request => AnswerAsync(engine, request))).WaitAsync(Patience);
        await engine.AllPagesFreeAsync();
        return answers;
    }

    private static async Task<object> AnswerAsync(Engine engine, GenerateRequest request)
    {
        try
        {
            return await engine.OneAsync(request);
        }
        catch (EngineException e)
        {
            return e;
        }
    }
}
