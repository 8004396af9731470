using SglNative.Engine.Configuration;
using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;

namespace SglNative.Engine.Tests.Scheduling;

/// <summary>A pool too small for all that runs: sequences are set back, and lose nothing.</summary>
public class RetractionTests
{
    [Theory]
    [InlineData(1, 1f)]
    [InlineData(16, 0f)]
    [InlineData(64, 1f)]
    public async Task Answers_are_those_of_a_large_pool(int pageSize, float temperature)
    {
        var large = TestEngine.Args("llama3") with { PageSize = pageSize };
        // Admission is as careless as can be, so that the pool runs out.
        var tiny = large with { MaxTotalTokens = 192, ScheduleConservativeness = 0, ChunkedPrefillSize = 24 };
        GenerateRequest[] requests =
        [
            .. Enumerable.Range(0, 10).Select(i => new GenerateRequest
            {
                InputIds = TestEngine.Prompt(5 + 3 * i, i), ReturnLogProbs = true, LogProbStart = 0,
                Sampling = new SamplingParams { MaxNewTokens = 60, Temperature = temperature, Seed = i, IgnoreEos = true, FrequencyPenalty = 0.3f },
            }),
        ];
        var expected = await RunAsync(large, requests);
        var actual = await RunAsync(tiny, requests);
        Assert.All(expected, output => Assert.Equal(0, output.Retractions));
        Assert.True(actual.Sum(output => output.Retractions) > 0, "nothing was retracted");
        for (var i = 0; i < requests.Length; i++)
        {
            Assert.Equal(expected[i].TokenIds, actual[i].TokenIds);
            Assert.Equal(expected[i].LogProbs.Select(position => position.Token), actual[i].LogProbs.Select(position => position.Token));
            Assert.Equal(expected[i].PromptLogProbs.Select(position => position.Token), actual[i].PromptLogProbs.Select(position => position.Token));
        }
    }

    [Fact]
    public async Task Rotation_by_length_survives_being_set_back()
    {
        // From 64 tokens on this model rotates otherwise; all sequences cross that while they decode.
        var large = TestEngine.Args("wide_rope_longrope") with { PageSize = 16 };
        GenerateRequest[] requests = [.. Enumerable.Range(0, 6).Select(i => TestEngine.Greedy(TestEngine.Prompt(40 + 4 * i, i, 96), 60))];
        var expected = await RunAsync(large, requests);
        var actual = await RunAsync(large with { MaxTotalTokens = 256, ScheduleConservativeness = 0 }, requests);
        Assert.True(actual.Sum(output => output.Retractions) > 0, "nothing was retracted");
        for (var i = 0; i < requests.Length; i++) Assert.Equal(expected[i].TokenIds, actual[i].TokenIds);
    }

    [Fact]
    public async Task Careful_admission_waits_instead()
    {
        var args = TestEngine.Args("llama3") with { PageSize = 16, MaxTotalTokens = 192, ScheduleConservativeness = 2 };
        var outputs = await RunAsync(args, [.. Enumerable.Range(0, 8).Select(i => TestEngine.Greedy(TestEngine.Prompt(20, i), 40))]);
        Assert.All(outputs, output => Assert.Equal((0, 40), (output.Retractions, output.TokenIds.Count)));
    }

    [Fact]
    public async Task No_more_run_at_once_than_allowed()
    {
        // Looked at on the scheduler's own thread, in each step: another thread may see none of them while the cores are busy.
        Engine? engine = null;
        var seen = new List<int>();
        var args = TestEngine.Args("llama3") with { MaxRunningRequests = 3 };
        using (engine = await TestEngine.StartAsync(args, () => { if (engine is { } started) seen.Add(started.Stats.Running); }))
            await Task.WhenAll(Enumerable.Range(0, 9).Select(i => engine.OneAsync(TestEngine.Greedy([3, 4 + i], 20))));
        Assert.All(seen, running => Assert.InRange(running, 1, 3));
        Assert.Equal(3, seen.Max());
    }

    private static async Task<GenerateOutput[]> RunAsync(ServerArgs args, GenerateRequest[] requests)
    {
        using var engine = await TestEngine.StartAsync(args);
        var outputs = await Task.WhenAll(requests.Select(engine.OneAsync)).WaitAsync(TimeSpan.FromSeconds(120));
        await engine.AllPagesFreeAsync();
        return outputs;
    }
}
