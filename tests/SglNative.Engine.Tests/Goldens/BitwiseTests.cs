using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Loading;

namespace SglNative.Engine.Tests.Goldens;

/// <summary>On the CPU a token's logits have the same bits whatever else is in the batch, however the prompt is cut, prefilled or decoded.</summary>
public class BitwiseTests
{
    [Theory]
    [InlineData("llama3")]
    [InlineData("mistral")]
    [InlineData("qwen2_swa")]
    [InlineData("wide_qwen3_hd256")]
    [InlineData("wide_rope_llama3_v5")]
    public void Alone_batched_chunked_paged_and_decoded_are_the_same(string name)
    {
        var args = TestEngine.Args(name);
        using var loaded = TestEngine.Load(args);
        int[][] prompts = [.. new[] { 1, 5, 33, 130 }.Select((length, i) => TestEngine.Prompt(length, i, loaded.Info.VocabSize))];
        var batched = LogitsCollector.Prefill(args, loaded, prompts).Logits;
        for (var i = 0; i < prompts.Length; i++)
        {
            var alone = LogitsCollector.Prefill(args with { ChunkedPrefillSize = -1 }, loaded, prompts[i]).Logits;
            var chunked = LogitsCollector.Prefill(args with { ChunkedPrefillSize = 7 }, loaded, prompts[i]).Logits;
            var decoded = Decode(args, loaded, prompts[i]).Logits;
            Assert.Equal(prompts[i].Length, alone.Count);
            for (var p = 0; p < prompts[i].Length; p++)
            {
                Assert.Equal(alone[(0, p)], batched[(i, p)]);
                Assert.Equal(alone[(0, p)], chunked[(0, p)]);
                Assert.Equal(alone[(0, p)], decoded[(0, p)]);
            }
        }
    }

    [Fact]
    public void A_long_prompt_is_rotated_as_a_whole_however_it_is_cut()
    {
        var args = TestEngine.Args("wide_rope_longrope");
        using var loaded = TestEngine.Load(args);
        int[][] prompts = [TestEngine.Prompt(130, 1, 96), TestEngine.Prompt(50, 2, 96)];
        var batched = LogitsCollector.Prefill(args, loaded, prompts).Logits;
        for (var i = 0; i < prompts.Length; i++)
        {
            var chunked = LogitsCollector.Prefill(args with { ChunkedPrefillSize = 7 }, loaded, prompts[i]).Logits;
            for (var p = 0; p < prompts[i].Length; p++) Assert.Equal(batched[(i, p)], chunked[(0, p)]);
        }
    }

    [Fact]
    public void Page_sizes_are_the_same()
    {
        var prompt = TestEngine.Prompt(130, 7, 128);
        var expected = Of(1);
        Assert.Equal(expected, Of(16));
        Assert.Equal(expected, Of(64));

        float[][] Of(int pageSize)
        {
            var args = TestEngine.Args("wide_mistral_hd128_window") with { PageSize = pageSize };
            using var loaded = TestEngine.Load(args);
            var logits = LogitsCollector.Prefill(args, loaded, prompt).Logits;
            return [.. Enumerable.Range(0, prompt.Length).Select(p => logits[(0, p)])];
        }
    }

    private static LogitsCollector Decode(ServerArgs args, LoadedModel loaded, int[] prompt)
    {
        var collector = new LogitsCollector();
        using var batch = new StaticBatch(args, loaded, [prompt[..1]], prompt.Length - 1, collector);
        batch.Compute();
        foreach (var token in prompt.Skip(1))
        {
            batch.Append(0, token);
            batch.Compute();
        }
        return collector;
    }
}
