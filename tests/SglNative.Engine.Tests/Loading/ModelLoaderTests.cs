using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;

namespace SglNative.Engine.Tests.Loading;

public class ModelLoaderTests
{
    [Fact]
    public void Dummy_weights_need_no_file_and_follow_the_seed()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(TestFiles.Golden("qwen2"), "config.json"), folder["config.json"]);
        var args = TestEngine.Args("qwen2") with { ModelPath = folder.Path, LoadFormat = LoadFormat.Dummy };
        var first = Logits(args);
        Assert.Equal(first, Logits(args));
        Assert.NotEqual(first, Logits(args with { RandomSeed = 2 }));
        Assert.All(first, logit => Assert.True(float.IsFinite(logit)));
        Assert.True(first.Distinct().Count() > 100);
    }

    [Fact]
    public unsafe void Dummy_matrices_are_normal_norms_are_ones_and_biases_zeros()
    {
        using var loaded = TestEngine.Load(TestEngine.Args("qwen2") with { LoadFormat = LoadFormat.Dummy });
        foreach (var parameter in loaded.Model.Build.Parameters)
        {
            var values = new ReadOnlySpan<float>((void*)parameter.Value.Data, (int)parameter.Shape.Count).ToArray();
            if (parameter.Name.Contains("norm", StringComparison.Ordinal)) Assert.All(values, value => Assert.Equal(1, value));
            else if (parameter.Name.EndsWith("bias", StringComparison.Ordinal)) Assert.All(values, value => Assert.Equal(0, value));
            else
            {
                Assert.InRange(values.Average(), -0.003, 0.003);
                Assert.InRange(Math.Sqrt(values.Average(value => (double)value * value)), 0.018, 0.022);
            }
        }
    }

    [Theory]
    [InlineData(null, DTypeChoice.Auto, "bfloat16")]
    [InlineData("""{"torch_dtype": "float32"}""", DTypeChoice.Auto, "float32")]
    [InlineData("""{"torch_dtype": "float16"}""", DTypeChoice.Auto, "float16")]
    [InlineData("""{"torch_dtype": "float16"}""", DTypeChoice.Float32, "float32")]
    public void The_type_is_the_checkpoints_unless_asked_for(string? overrides, DTypeChoice choice, string expected)
    {
        using var loaded = TestEngine.Load(TestEngine.Args("llama2") with { DType = choice, JsonModelOverrideArgs = overrides ?? "{}" });
        Assert.Equal(expected, Core.Tensors.DTypeExtensions.TorchName(loaded.Info.DType));
    }

    [Theory]
    [InlineData("""{"max_position_embeddings": 100}""", 100)]
    [InlineData("""{"max_position_embeddings": 100, "rope_scaling": {"type": "linear", "factor": 4}}""", 400)]
    [InlineData("""{"max_position_embeddings": 100, "rope_scaling": {"type": "dynamic", "factor": 2.5}}""", 250)]
    [InlineData("""{"max_position_embeddings": 400, "rope_scaling": {"type": "linear", "factor": 4, "original_max_position_embeddings": 100}}""", 400)]
    [InlineData("""{"max_position_embeddings": 400, "rope_scaling": {"type": "yarn", "factor": 4, "original_max_position_embeddings": 100}}""", 400)]
    [InlineData("""{"n_positions": 77}""", 77)]
    [InlineData("{}", 2048)]
    public void The_context_is_the_models_own(string json, int expected)
    {
        var config = new CheckpointConfig(JsonConfig.Parse(json, "config.json"));
        Assert.Equal(expected, ContextLength.Resolve(config, null));
        Assert.Equal(expected, ContextLength.Resolve(config, expected));
        Assert.Equal(5, ContextLength.Resolve(config, 5));
        Assert.StartsWith($"--context-length {expected + 1} is above the model's maximum of {expected}",
            Assert.Throws<SglException>(() => ContextLength.Resolve(config, expected + 1)).Message, StringComparison.Ordinal);
        Assert.Throws<SglException>(() => ContextLength.Resolve(config, 0));
    }

    [Theory]
    [InlineData("""{"top_p": 5}""", "top_p is 5, expected in (0, 1]")]
    [InlineData("""{"temperature": NaN}""", "temperature is NaN")]
    [InlineData("""{"repetition_penalty": -1}""", "repetition_penalty is -1")]
    public void Sampling_defaults_that_no_request_may_have_are_refused_unless_left_aside(string generation, string message)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in new[] { "config.json", "model.safetensors" }) File.Copy(Path.Combine(TestFiles.Golden("llama2"), file), folder[file]);
        folder.Write("generation_config.json", generation);
        var args = TestEngine.Args("llama2") with { ModelPath = folder.Path };
        var e = Assert.Throws<SglException>(() => TestEngine.Load(args));
        Assert.StartsWith($"{folder["generation_config.json"]}: {message}", e.Message, StringComparison.Ordinal);
        TestEngine.Load(args with { SamplingDefaults = SamplingDefaults.OpenAi }).Dispose();
    }

    [Fact]
    public void Sizes_that_make_no_sense_are_refused_in_process_too()
    {
        var args = TestEngine.Args("llama2");
        Assert.Equal("--max-total-tokens is 0, expected at least 1", Refusal(args with { MaxTotalTokens = 0 }));
        Assert.Equal("--page-size is -1, expected 1 to 4096", Refusal(args with { PageSize = -1 }));
        Assert.Equal("--page-size is 2000000000, expected 1 to 4096", Refusal(args with { PageSize = 2_000_000_000 }));
        Assert.StartsWith("--mem-fraction-static is ", Refusal(args with { MemFractionStatic = double.NaN }), StringComparison.Ordinal);

        static string Refusal(ServerArgs args) => Assert.Throws<SglException>(() => TestEngine.Load(args)).Message;
    }

    private static float[] Logits(ServerArgs args)
    {
        using var loaded = TestEngine.Load(args);
        return LogitsCollector.Last(args, loaded, [3, 4, 5]);
    }
}
