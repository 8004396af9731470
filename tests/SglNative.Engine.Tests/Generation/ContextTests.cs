using SglNative.Core;
using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;

namespace SglNative.Engine.Tests.Generation;

/// <summary>The end of the context, and prompts that are none.</summary>
public class ContextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task An_output_ends_where_the_context_ends(int pageSize)
    {
        var args = TestEngine.Args("llama2") with { ContextLength = 32, PageSize = pageSize };
        using var loaded = TestEngine.Load(args);
        using var engine = await TestEngine.StartAsync(args);
        foreach (var length in new[] { 1, 30, 31 })
        {
            var prompt = TestEngine.Prompt(length, length);
            foreach (int? given in new int?[] { null, 500 })
            {
                var output = await engine.OneAsync(new GenerateRequest { InputIds = prompt, Sampling = new SamplingParams { DefaultNewTokens = given, Temperature = 0, IgnoreEos = true } });
                Assert.Equal(32 - length, output.TokenIds.Count);
                Assert.Equal(new FinishReason.Length(32 - length), output.Finish);
                Assert.Equal(PlainReference.Greedy(args, loaded, prompt, new SamplingParams { MaxNewTokens = 32 - length }, []), output.TokenIds);
            }
        }
        await engine.AllPagesFreeAsync();
    }

    [Fact]
    public async Task A_prompt_beyond_the_context_is_refused_or_cut()
    {
        var args = TestEngine.Args("llama2") with { ContextLength = 32 };
        using var engine = await TestEngine.StartAsync(args);
        var e = Assert.Throws<SglException>(() => engine.StreamAsync(TestEngine.Greedy(TestEngine.Prompt(32, 1), 4)));
        Assert.Equal("the prompt has 32 tokens, and the model's context length is 32: shorten it to at most 31 tokens", e.Message);
        // Scoring needs no room for an answer.
        var scored = await engine.OneAsync(TestEngine.Greedy(TestEngine.Prompt(32, 1), 0) with { LogProbStart = 0 });
        Assert.Equal(32, scored.PromptLogProbs.Count);
        Assert.Throws<SglException>(() => engine.StreamAsync(TestEngine.Greedy(TestEngine.Prompt(33, 1), 0)));

        using var cutting = await TestEngine.StartAsync(args with { AllowAutoTruncate = true });
        var output = await cutting.OneAsync(TestEngine.Greedy(TestEngine.Prompt(1000, 1), 4));
        Assert.Equal((31, 1), (output.PromptTokens, output.TokenIds.Count));
    }

    [Fact]
    public async Task More_tokens_than_the_context_has_room_for_are_refused_or_cut()
    {
        var args = TestEngine.Args("llama2") with { ContextLength = 32 };
        using var engine = await TestEngine.StartAsync(args);
        Assert.Equal(22, (await engine.OneAsync(TestEngine.Greedy(TestEngine.Prompt(10, 1), 22))).TokenIds.Count);
        var e = Assert.Throws<SglException>(() => engine.StreamAsync(TestEngine.Greedy(TestEngine.Prompt(10, 1), 23)));
        Assert.Equal("23 new tokens are asked for after a prompt of 10, and the model's context length is 32: ask for at most 22", e.Message);

        using var cutting = await TestEngine.StartAsync(args with { AllowAutoTruncate = true });
        Assert.Equal(22, (await cutting.OneAsync(TestEngine.Greedy(TestEngine.Prompt(10, 1), 500))).TokenIds.Count);
        Assert.Single((await cutting.OneAsync(TestEngine.Greedy(TestEngine.Prompt(500, 1), 500))).TokenIds);
    }

    [Fact]
    public async Task A_small_pool_bounds_a_request_and_says_so()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2") with { MaxTotalTokens = 48, PageSize = 16 });
        Assert.Equal(48, engine.Model.MaxTotalTokens);
        Assert.Equal(38, (await engine.OneAsync(TestEngine.Greedy(TestEngine.Prompt(10, 1), 100))).TokenIds.Count);
        var e = Assert.Throws<SglException>(() => engine.StreamAsync(TestEngine.Greedy(TestEngine.Prompt(48, 1), 1)));
        Assert.Contains("the tokens that the KV cache holds (see --mem-fraction-static, --max-total-tokens) is 48", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompts_that_are_none_are_refused()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2"));
        Assert.Equal("the prompt is empty: expected at least one token", Refusal(TestEngine.Greedy([], 1)));
        Assert.Equal("input_ids holds 256, expected token ids in [0, 255]", Refusal(TestEngine.Greedy([3, 256], 1)));
        Assert.Equal("input_ids holds -1, expected token ids in [0, 255]", Refusal(TestEngine.Greedy([-1], 1)));
        Assert.Equal("the request has neither text nor input_ids", Refusal(new GenerateRequest()));

        string Refusal(GenerateRequest request) => Assert.Throws<SglException>(() => engine.StreamAsync(request)).Message;
    }
}
