using SglNative.Core;
using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;

namespace SglNative.Engine.Tests.Generation;

/// <summary>Log probabilities against a log-softmax in float64 of the model's logits.</summary>
public class LogProbTests
{
    private const double Close = 1e-5;

    [Theory]
    [InlineData(8192, 0)]
    [InlineData(5, 0)]
    [InlineData(5, 3)]
    public async Task Prompt_and_output_are_the_log_softmax_of_the_logits(int chunk, int start)
    {
        var args = TestEngine.Args("llama3") with { ChunkedPrefillSize = chunk, MaxRunningRequests = 2 };
        using var loaded = TestEngine.Load(args);
        using var engine = await TestEngine.StartAsync(args);
        var prompt = TestEngine.Prompt(23, 5);
        // Temperature, penalties and biases change the draw, never what is reported.
        var sampling = new SamplingParams
        {
            MaxNewTokens = 9, Temperature = 0.8f, TopK = 20, Seed = 3, FrequencyPenalty = 0.5f, RepetitionPenalty = 1.1f, IgnoreEos = true,
            LogitBias = new Dictionary<int, float> { [4] = 1 },
        };
        var output = await engine.OneAsync(new GenerateRequest { InputIds = prompt, Sampling = sampling, ReturnLogProbs = true, TopLogProbs = 4, LogProbStart = start });
        int[] all = [.. prompt, .. output.TokenIds];
        var logits = LogitsCollector.Prefill(args, loaded, all).Logits;

        Assert.Equal(prompt.Length - start, output.PromptLogProbs.Count);
        Assert.Equal(9, output.LogProbs.Count);
        for (var i = 0; i < output.PromptLogProbs.Count; i++) Check(output.PromptLogProbs[i], start + i);
        for (var i = 0; i < output.LogProbs.Count; i++) Check(output.LogProbs[i], prompt.Length + i);

        void Check(PositionLogProbs position, int p)
        {
            Assert.Equal(all[p], position.Token.TokenId);
            if (p == 0)
            {
                Assert.Null(position.Token.LogProb);
                return;
            }
            var expected = PlainReference.LogSoftmax(logits[(0, p - 1)]);
            Assert.Equal(expected[all[p]], position.Token.LogProb!.Value, Close);
            var best = expected.Select((value, id) => (value, id)).OrderByDescending(pair => pair.value).Take(4).ToArray();
            Assert.Equal(best.Select(pair => pair.id), position.Top.Select(top => top.TokenId));
            for (var i = 0; i < 4; i++) Assert.Equal(best[i].value, position.Top[i].LogProb!.Value, Close);
        }
    }

    [Fact]
    public async Task A_prompt_alone_can_be_scored()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2"));
        var output = await engine.OneAsync(new GenerateRequest
        {
            InputIds = [5, 6, 7], Sampling = new SamplingParams { MaxNewTokens = 0 }, ReturnLogProbs = true, LogProbStart = 0,
        });
        Assert.Empty(output.TokenIds);
        Assert.Empty(output.LogProbs);
        Assert.Equal([5, 6, 7], output.PromptLogProbs.Select(position => position.Token.TokenId));
        Assert.Equal(new FinishReason.Length(0), output.Finish);
        await engine.AllPagesFreeAsync();
    }

    [Fact]
    public async Task Neighbours_that_want_none_get_none_and_each_its_own_number()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2"));
        var outputs = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => engine.OneAsync(
            TestEngine.Greedy(TestEngine.Prompt(4, i), 6) with { ReturnLogProbs = i % 2 == 0, TopLogProbs = i % 2 == 0 ? i : 0 })));
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(i % 2 == 0 ? 6 : 0, outputs[i].LogProbs.Count);
            Assert.All(outputs[i].LogProbs, position => Assert.Equal(i, position.Top.Count));
        }
    }

    [Theory]
    [InlineData(-1, 3, "top_logprobs is -1, expected in [0, 128]")]
    [InlineData(129, 3, "top_logprobs is 129, expected in [0, 128]")]
    [InlineData(1_000_000_000, 3, "top_logprobs is 1000000000, expected in [0, 128]")]
    [InlineData(1, 4, "logprob_start_len is 4, expected below the prompt's 4 tokens")]
    public async Task Impossible_wishes_are_refused(int top, int start, string message)
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2"));
        var request = TestEngine.Greedy([3, 4, 5, 6], 2) with { ReturnLogProbs = true, TopLogProbs = top, LogProbStart = start };
        Assert.Equal(message, Assert.Throws<SglException>(() => engine.StreamAsync(request)).Message);
    }
}
