using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;

namespace SglNative.Engine.Tests.Generation;

/// <summary>Stop strings on the demo model, which has a tokenizer.</summary>
public class StopStringTests
{
    private const string Prompt = "Once upon a time";
    private static readonly SamplingParams Sampling = new() { MaxNewTokens = 40, Temperature = 0, IgnoreEos = true };

    [Fact]
    public async Task A_stop_string_ends_the_text_wherever_the_tokens_are_cut()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Demo);
        var whole = await engine.OneAsync(new GenerateRequest { Text = Prompt, Sampling = Sampling });
        Assert.Equal(40, whole.TokenIds.Count);
        Assert.True(whole.Text.Length > 30, whole.Text);
        for (var at = 3; at + 5 < whole.Text.Length; at += 4)
        {
            var stop = whole.Text.Substring(at, 5);
            var first = whole.Text.IndexOf(stop, StringComparison.Ordinal);
            var request = new GenerateRequest { Text = Prompt, Sampling = Sampling with { Stop = ["\u0001never", stop] } };
            var output = await engine.OneAsync(request);
            Assert.Equal(whole.Text[..first], output.Text);
            Assert.Equal(new FinishReason.Stop(null, stop), output.Finish);
            Assert.True(output.TokenIds.Count < 40 || first + 5 >= whole.Text.Length - 3);

            var kept = await engine.OneAsync(request with { Sampling = request.Sampling with { NoStopTrim = true } });
            Assert.Equal(whole.Text[..(first + 5)], kept.Text);
        }
        await engine.AllPagesFreeAsync();
    }

    [Fact]
    public async Task Nothing_that_might_be_a_stop_string_is_given_out_too_early()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Demo);
        var whole = await engine.OneAsync(new GenerateRequest { Text = Prompt, Sampling = Sampling });
        var stop = whole.Text.Substring(12, 6);
        var text = "";
        await foreach (var chunk in engine.StreamAsync(new GenerateRequest { Text = Prompt, Sampling = Sampling with { Stop = [stop] } }))
        {
            text += chunk.Text;
            Assert.StartsWith(text, whole.Text[..whole.Text.IndexOf(stop, StringComparison.Ordinal)], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_stop_string_before_the_least_length_is_text()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Demo);
        var whole = await engine.OneAsync(new GenerateRequest { Text = Prompt, Sampling = Sampling });
        var output = await engine.OneAsync(new GenerateRequest { Text = Prompt, Sampling = Sampling with { Stop = [" "], MinNewTokens = 20 } });
        Assert.True(output.TokenIds.Count >= 20, $"{output.TokenIds.Count} tokens");
        Assert.StartsWith(output.Text, whole.Text, StringComparison.Ordinal);
        Assert.Contains(' ', output.Text.Trim());
    }

    [Fact]
    public async Task A_stop_string_needs_a_tokenizer()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2"));
        var e = Assert.Throws<Core.SglException>(() => engine.StreamAsync(TestEngine.Greedy([3], 1) with { Sampling = new SamplingParams { Stop = ["a"] } }));
        Assert.Equal("stop strings need a tokenizer, and the server runs with --skip-tokenizer-init", e.Message);
        e = Assert.Throws<Core.SglException>(() => engine.StreamAsync(new GenerateRequest { Text = "a" }));
        Assert.Contains("send input_ids", e.Message, StringComparison.Ordinal);
    }
}
