using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;

namespace SglNative.Engine.Tests.Generation;

/// <summary>What a request gets does not depend on who else is there.</summary>
public class ConcurrencyTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public async Task Requests_together_answer_as_each_alone(float temperature)
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama3") with { ChunkedPrefillSize = 16 });
        GenerateRequest[] requests =
        [
            .. Enumerable.Range(0, 12).Select(i => new GenerateRequest
            {
                InputIds = TestEngine.Prompt(1 + 7 * i, i),
                Sampling = new SamplingParams { MaxNewTokens = 10 + i, Temperature = temperature, TopP = 0.95f, Seed = i, IgnoreEos = true },
            }),
        ];
        var alone = new List<GenerateOutput>();
        foreach (var request in requests) alone.Add(await engine.OneAsync(request));
        var together = await Task.WhenAll(requests.Select(request => Task.Run(() => engine.OneAsync(request))));
        for (var i = 0; i < requests.Length; i++)
        {
            Assert.Equal(10 + i, alone[i].TokenIds.Count);
            Assert.Equal(alone[i].TokenIds, together[i].TokenIds);
            Assert.Equal(new FinishReason.Length(10 + i), together[i].Finish);
            Assert.Equal(1 + 7 * i, together[i].PromptTokens);
        }
        await engine.AllPagesFreeAsync();
    }

    [Fact]
    public async Task Several_outputs_of_one_prompt_differ_and_a_seed_repeats_them()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama3"));
        var request = new GenerateRequest
        {
            InputIds = TestEngine.Prompt(9, 1), Sampling = new SamplingParams { MaxNewTokens = 12, N = 4, Seed = 77, IgnoreEos = true },
        };
        var outputs = await engine.GenerateAsync(request);
        Assert.Equal([0, 1, 2, 3], outputs.Select(output => output.Index));
        Assert.Equal(4, outputs.Select(output => string.Join(',', output.TokenIds)).Distinct().Count());
        var again = await engine.GenerateAsync(request);
        Assert.Equal(outputs.SelectMany(output => output.TokenIds), again.SelectMany(output => output.TokenIds));
        var other = await engine.GenerateAsync(request with { Sampling = request.Sampling with { Seed = 1077 } });
        Assert.NotEqual(outputs.SelectMany(output => output.TokenIds), other.SelectMany(output => output.TokenIds));
    }

    [Fact]
    public async Task Without_a_seed_answers_differ_but_the_engines_own_seed_repeats_the_run()
    {
        var request = new GenerateRequest { InputIds = TestEngine.Prompt(9, 1), Sampling = new SamplingParams { MaxNewTokens = 12, IgnoreEos = true } };
        var runs = new List<(string First, string Second)>();
        for (var run = 0; run < 2; run++)
        {
            using var engine = await TestEngine.StartAsync(TestEngine.Args("llama3") with { RandomSeed = 5 });
            runs.Add((string.Join(',', (await engine.OneAsync(request)).TokenIds), string.Join(',', (await engine.OneAsync(request)).TokenIds)));
        }
        Assert.NotEqual(runs[0].First, runs[0].Second);
        Assert.Equal(runs[0], runs[1]);
    }

    [Fact]
    public async Task Several_prompts_number_their_outputs_through()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2"));
        GenerateRequest[] requests = [.. Enumerable.Range(0, 3).Select(i => TestEngine.Greedy(TestEngine.Prompt(4, i), 5 + i) with { RequestId = $"r{i}" })];
        requests = [.. requests.Select(request => request with { Sampling = request.Sampling with { N = 2 } })];
        var tokens = new Dictionary<int, int>();
        await foreach (var chunk in engine.StreamAsync(requests)) tokens[chunk.Index] = chunk.CompletionTokens;
        Assert.Equal([(0, 5), (1, 5), (2, 6), (3, 6), (4, 7), (5, 7)], tokens.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
        var e = Assert.Throws<Core.SglException>(() => engine.StreamAsync([requests[0], requests[0]]));
        Assert.Equal("request id 'r0' is given to 2 requests, expected one each", e.Message);
    }
}
