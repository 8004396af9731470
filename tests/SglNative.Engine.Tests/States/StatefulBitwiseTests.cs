namespace SglNative.Engine.Tests.States;

/// <summary>On the CPU a token's logits have the same bits whatever else is in the batch, however the prompt is cut, prefilled or decoded.</summary>
public class StatefulBitwiseTests
{
    [Theory]
    [InlineData("wide_deepseek_v3_yarn")]
    [InlineData("deepseek_v2")]
    [InlineData("wide_qwen3_next")]
    [InlineData("wide_lfm2")]
    public void Alone_batched_chunked_and_decoded_are_the_same(string name)
    {
        var args = StatefulModels.Args(name);
        using var loaded = StatefulModels.Load(args);
        int[][] prompts = [.. new[] { 1, 5, 33, 70 }.Select((length, i) => StatefulModels.Prompt(length, i, loaded.Info.VocabSize))];
        var batched = StatefulModels.Logits(args, loaded, decode: false, prompts);
        var decoded = StatefulModels.Logits(args, loaded, decode: true, prompts);
        for (var i = 0; i < prompts.Length; i++)
        {
            var alone = StatefulModels.Logits(args with { ChunkedPrefillSize = -1 }, loaded, decode: false, prompts[i]);
            var chunked = StatefulModels.Logits(args with { ChunkedPrefillSize = 7 }, loaded, decode: false, prompts[i]);
            for (var p = 0; p < prompts[i].Length; p++)
            {
                Assert.Equal(alone[(0, p)], batched[(i, p)]);
                Assert.Equal(alone[(0, p)], chunked[(0, p)]);
                Assert.Equal(alone[(0, p)], decoded[(i, p)]);
            }
        }
    }
}
