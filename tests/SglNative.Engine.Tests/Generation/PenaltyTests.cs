using SglNative.Core;
using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;

namespace SglNative.Engine.Tests.Generation;

/// <summary>Penalties, biases, end tokens and lengths against <see cref="PlainReference"/>.</summary>
public class PenaltyTests
{
    private static readonly SamplingParams Base = new() { MaxNewTokens = 24, Temperature = 0 };

    public static TheoryData<string> Cases { get; } =
        ["none", "frequency", "presence", "repetition", "less repetition", "bias", "forbidden", "all", "stop", "least", "ignore"];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Greedy_is_what_the_definitions_give(string name)
    {
        var args = TestEngine.Args("llama2");
        using var loaded = TestEngine.Load(args);
        var prompt = TestEngine.Prompt(6, 3);
        int[] eos = [2];
        var plain = PlainReference.Greedy(args, loaded, prompt, Base, []);
        var p = name switch
        {
            "frequency" => Base with { FrequencyPenalty = 1.7f },
            "presence" => Base with { PresencePenalty = 1.9f },
            "repetition" => Base with { RepetitionPenalty = 1.8f },
            "less repetition" => Base with { RepetitionPenalty = 0.6f },
            "bias" => Base with { LogitBias = new Dictionary<int, float> { [plain[2]] = -3, [9] = 2.5f, [255] = 1 } },
            "forbidden" => Base with { LogitBias = plain.Distinct().ToDictionary(id => id, _ => float.NegativeInfinity) },
            "all" => Base with { FrequencyPenalty = 0.7f, PresencePenalty = -0.4f, RepetitionPenalty = 1.3f, LogitBias = new Dictionary<int, float> { [7] = 1.5f } },
            "stop" => Base with { StopTokenIds = [plain[5], 200] },
            "least" => Base with { StopTokenIds = [plain[0], plain[5]], MinNewTokens = 9, FrequencyPenalty = 0.1f },
            "ignore" => Base with { IgnoreEos = true, MinNewTokens = 3 },
            _ => Base,
        };
        int[] ends = [.. p.StopTokenIds, .. p.IgnoreEos ? [] : eos];
        var expected = PlainReference.Greedy(args, loaded, prompt, p, ends);

        using var engine = await TestEngine.StartAsync(args);
        var output = await engine.OneAsync(new GenerateRequest { InputIds = prompt, Sampling = p });
        Assert.Equal(expected, output.TokenIds);
        Assert.Equal(ends.Contains(expected[^1]) ? new FinishReason.Stop(expected[^1], null) : new FinishReason.Length(24), output.Finish);
        if (name is not ("none" or "ignore")) Assert.NotEqual(plain, expected);
    }

    [Fact]
    public async Task The_models_end_token_ends_unless_ignored_or_too_early()
    {
        // Biased so that the end token wins at once.
        var p = Base with { LogitBias = new Dictionary<int, float> { [2] = 50 } };
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2"));
        var request = new GenerateRequest { InputIds = TestEngine.Prompt(6, 3), Sampling = p };
        var ended = await engine.OneAsync(request);
        Assert.Equal([2], ended.TokenIds);
        Assert.Equal(new FinishReason.Stop(2, null), ended.Finish);
        Assert.Equal(24, (await engine.OneAsync(request with { Sampling = p with { IgnoreEos = true } })).TokenIds.Count(id => id == 2));
        var late = await engine.OneAsync(request with { Sampling = p with { MinNewTokens = 5 } });
        Assert.Equal(6, late.TokenIds.Count);
        Assert.Equal([5], late.TokenIds.Select((id, i) => (id, i)).Where(pair => pair.id == 2).Select(pair => pair.i));
    }

    [Fact]
    public async Task An_end_token_beyond_the_vocabulary_is_no_harm()
    {
        var args = TestEngine.Args("llama2") with { JsonModelOverrideArgs = """{"eos_token_id": [2, 256, 100000, -1]}""" };
        using var engine = await TestEngine.StartAsync(args);
        var output = await engine.OneAsync(new GenerateRequest { InputIds = [5], Sampling = Base with { MinNewTokens = 5 } });
        Assert.True(output.TokenIds.Count >= 5);
    }

    public static TheoryData<SamplingParams, string> Bad { get; } = new()
    {
        { new() { Temperature = -0.1f }, "temperature is -0.1" },
        { new() { Temperature = float.NaN }, "temperature is NaN" },
        { new() { Temperature = float.PositiveInfinity }, "temperature is Infinity" },
        { new() { TopP = 0 }, "top_p is 0, expected in (0, 1]" },
        { new() { TopP = 1.01f }, "top_p is 1.01" },
        { new() { TopP = float.NaN }, "top_p is NaN" },
        { new() { TopK = -2 }, "top_k is -2, expected -1 or 0 (all), or at least 1" },
        { new() { MinP = 1.5f }, "min_p is 1.5" },
        { new() { RepetitionPenalty = 0 }, "repetition_penalty is 0, expected in (0, 2]" },
        { new() { FrequencyPenalty = 2.1f }, "frequency_penalty is 2.1" },
        { new() { PresencePenalty = float.NaN }, "presence_penalty is NaN" },
        { new() { MaxNewTokens = -1 }, "max_new_tokens is -1" },
        { new() { MaxNewTokens = 3, MinNewTokens = 4 }, "min_new_tokens is 4, expected in [0, max_new_tokens = 3]" },
        { new() { N = 0 }, "n is 0, expected in [1, 128]" },
        { new() { N = 1_000_000 }, "n is 1000000" },
        { new() { Stop = ["a", ""] }, "stop holds an empty string" },
        { new() { StopTokenIds = [256] }, "stop_token_ids is 256, expected a token id in [0, 255]" },
        { new() { StopTokenIds = [-1] }, "stop_token_ids is -1" },
        { new() { LogitBias = new Dictionary<int, float> { [300] = 1 } }, "logit_bias is 300, expected a token id in [0, 255]" },
        { new() { LogitBias = new Dictionary<int, float> { [3] = float.NaN } }, "logit_bias is NaN" },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Values_out_of_range_are_named(SamplingParams p, string message) =>
        Assert.StartsWith(message, Assert.Throws<SglException>(() => SamplingLimits.Validate(p, 256)).Message, StringComparison.Ordinal);
}
