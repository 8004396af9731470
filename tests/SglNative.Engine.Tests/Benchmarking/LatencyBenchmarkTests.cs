using System.Text.Json;
using SglNative.Core;
using SglNative.Engine.Benchmarking;
using SglNative.Models.Caching;

namespace SglNative.Engine.Tests.Benchmarking;

public class LatencyBenchmarkTests
{
    [Fact]
    public void Cases_are_measured_and_written_in_the_fields_of_SGLang()
    {
        var args = TestEngine.Args("llama2");
        using var loaded = TestEngine.Load(args);
        using var output = new StringWriter { NewLine = "\n" };
        var results = new LatencyBenchmark(args, loaded, [], 6, output).Run("night", [new(2, 20, 8), new(1, 5, 1)]).ToArray();
        Assert.Equal([new LatencyCase(2, 20, 8), new LatencyCase(1, 5, 1)], results.Select(result => result.Case));
        Assert.Null(results[1].MedianDecodeSeconds);

        var lines = output.ToString().Split('\n');
        Assert.Equal("Warmup ...", lines[0]);
        var text = output.ToString()[output.ToString().IndexOf("Benchmark ...", StringComparison.Ordinal)..];
        Assert.Matches(@"Prefill\. latency: \d+\.\d{5} s, throughput: +\d+\.\d\d token/s, \d+\.\d{3} TFLOP/s, \d+\.\d\d GB/s\n", text);
        foreach (var step in new[] { 0, 1, 2, 3, 4, 6 }) Assert.Matches($@"\nDecode {step}\. Batch size: 2, latency: \d+\.\d{{5}} s, throughput: +\d+\.\d\d token/s\n", text);
        Assert.DoesNotContain("Decode 5.", text, StringComparison.Ordinal);
        Assert.Matches(@"\nDecode\.  median latency: \d+\.\d{5} s, median throughput: +\d+\.\d\d token/s, ", text);
        Assert.Matches(@"\nTotal\. latency: +\d+\.\d{3} s, throughput: +\d+\.\d\d token/s\n", text);

        using var json = JsonDocument.Parse(results[0].ToJson(loaded.Info));
        string[] fields = [.. json.RootElement.EnumerateObject().Select(field => field.Name)];
        Assert.Equal(["run_name", "batch_size", "input_len", "output_len", "prefill_latency", "prefill_throughput", "median_decode_latency", "median_decode_throughput",
            "total_latency", "overall_throughput"], fields.Take(10));
        Assert.Equal("night", json.RootElement.GetProperty("run_name").GetString());
        var prefill = json.RootElement.GetProperty("prefill_latency").GetDouble();
        Assert.Equal(40 / prefill, json.RootElement.GetProperty("prefill_throughput").GetDouble(), 1e-6 * 40 / prefill);
        Assert.Equal(56 / results[0].TotalSeconds, results[0].OverallThroughput, 1e-6 * 56 / results[0].TotalSeconds);
        Assert.DoesNotContain("median_decode_latency", results[1].ToJson(loaded.Info), StringComparison.Ordinal);
    }

    [Fact]
    public void Work_is_counted_from_the_shapes()
    {
        // Two layers of width 32 with 2 heads of 16 for queries, keys and values, an MLP of 48, an untied head of 256, float32.
        using var loaded = TestEngine.Load(TestEngine.Args("llama2"));
        var layer = 4 * 32 * 32 + 3 * 32 * 48;
        var work = new WorkCount(loaded).Of(3, 10, 12);
        var attention = 2 * 4.0 * 2 * 16 * (11 + 12);
        Assert.Equal(3 * (2 * 2.0 * 2 * layer + 2 * 256 * 32 + attention), work.Flops);
        var weights = 4.0 * (2 * layer + 256 * 32 + 5 * 32);
        Assert.Equal(weights + 3 * 2 * (12 + 2) * 2 * 2 * 16 * 4.0, work.Bytes);
        Assert.Equal((2.0, 0.5), (new StepWork(4e12, 1e9).Teraflops(2), new StepWork(4e12, 1e9).Gigabytes(2)));
    }

    /// <summary>A token multiplies by the experts it is sent to; a step reads those that some token is sent to, were they chosen evenly.</summary>
    [Fact]
    public void Of_experts_only_the_chosen_are_counted()
    {
        using var loaded = TestEngine.Load(TestEngine.Args("mixtral"));
        var config = loaded.Config.Text;
        int Size(string name) => config.GetInt(name);
        var (hidden, layers, experts, chosen) = (Size("hidden_size"), Size("num_hidden_layers"), Size("num_local_experts"), Size("num_experts_per_tok"));
        Assert.True(chosen < experts);
        var expert = 3.0 * hidden * Size("intermediate_size");
        var count = new WorkCount(loaded);
        var (one, two) = (count.Of(1, 10, 11), count.Of(2, 10, 11));
        var other = loaded.Model.Build.Parameters.Where(parameter => parameter.Shape.Rank == 2 && parameter.Shape[0] != loaded.Model.VocabSize).Sum(parameter => parameter.Shape.Count);
        var attention = layers * 4.0 * Size("num_attention_heads") * loaded.Model.Build.Caches.OfType<CacheSpec.Full>().First().HeadDim * 11;
        Assert.Equal(2 * (other + layers * chosen * expert + loaded.Model.VocabSize * hidden) + attention, one.Flops);
        // A second token brings its own keys and values, and the experts that the first was not sent to.
        var cached = loaded.Model.Build.Caches.Sum(cache => (11.0 + 1) * cache.ElementsPerToken * 4);
        var fresh = layers * experts * expert * 4 * ((double)chosen / experts) * (1 - (double)chosen / experts);
        Assert.Equal(one.Bytes + cached + fresh, two.Bytes, 1.0);
    }

    [Fact]
    public void What_does_not_fit_is_skipped_and_said_and_nothing_at_all_is_an_error()
    {
        var args = TestEngine.Args("llama2") with { MaxTotalTokens = 64, PageSize = 16 };
        using var loaded = TestEngine.Load(args);
        using var output = new StringWriter { NewLine = "\n" };
        var benchmark = new LatencyBenchmark(args, loaded, [], 0, output);
        Assert.Equal(new LatencyCase(2, 20, 4), Assert.Single(benchmark.Run("x", [new(8, 20, 4), new(1, 600, 4), new(2, 20, 4)])).Case);
        Assert.Contains("skipping (8, 20, 4): the batch needs 256 tokens of KV cache and 64 fit", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("skipping (1, 600, 4): input and output of 604 tokens exceed the context length 512", output.ToString(), StringComparison.Ordinal);
        Assert.Throws<SglException>(() => benchmark.Run("x", [new(8, 20, 4)]).ToArray());
    }
}
