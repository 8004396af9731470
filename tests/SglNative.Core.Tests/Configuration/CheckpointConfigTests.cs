using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Testing;

namespace SglNative.Core.Tests.Configuration;

public sealed class CheckpointConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_golden_and_every_published_shape_is_read()
    {
        var directories = Directory.GetDirectories(TestFiles.Goldens).ToList();
        if (TestFiles.Shared is { } shared)
            foreach (var name in new[] { "goldens", "perf-configs", "models" })
                directories.AddRange(Directory.GetDirectories(Path.Combine(shared, name)));
        foreach (var directory in directories)
        {
            var config = CheckpointConfig.Load(directory);
            Assert.Single(config.Architectures);
            Assert.NotNull(config.ModelType);
            Assert.True(config.DType is null or DType.BFloat16 or DType.Float32, directory);
            if (config.Text.FirstOf("rope_theta", "rope_parameters", "rope_scaling") is null) continue;
            var layerType = config.Text.FindObject("rope_parameters") is { } rope && rope.IsObject("full_attention") ? "full_attention" : null;
            Assert.True(RopeConfig.From(config.Text, layerType).Theta > 0);
        }
    }

    [Fact]
    public void A_nested_language_model_is_found_and_overridden()
    {
        _folder.Write("config.json", """
            {"architectures":["XForConditionalGeneration"],"model_type":"x","text_config":{"hidden_size":8,"dtype":"float16"},"torch_dtype":"bfloat16",
             "quantization_config":{"quant_method":"fp8"}}
            """);
        var config = CheckpointConfig.Load(_folder.Path, """{"text_config":{"hidden_size":16},"quantization_config":null}""");
        Assert.True(config.IsNested);
        Assert.Equal(16, config.Text.GetInt("hidden_size"));
        Assert.Equal(DType.Float16, config.DType);
        Assert.Null(config.Quantization);
        Assert.Equal("fp8", CheckpointConfig.Load(_folder.Path).Quantization!.GetString("quant_method"));
    }

    [Theory]
    [InlineData("\"torch_dtype\":\"bfloat16\"", DType.BFloat16)]
    [InlineData("\"dtype\":\"torch.float32\"", DType.Float32)]
    [InlineData("\"dtype\":\"half\"", DType.Float16)]
    [InlineData("\"dtype\":\"auto\"", null)]
    [InlineData("\"x\":1", null)]
    public void Both_spellings_of_the_type_are_read(string member, DType? expected) =>
        Assert.Equal(expected, new CheckpointConfig(JsonConfig.Parse($"{{{member}}}", "config.json")).DType);

    [Fact]
    public void Mistakes_are_told()
    {
        Assert.Contains("no such path", Throws(() => CheckpointConfig.Load(_folder["x"])));
        Assert.Contains("has no config.json", Throws(() => CheckpointConfig.Load(_folder.Path)));
        _folder.Write("model.gguf", "");
        Assert.Contains("GGUF is not read", Throws(() => CheckpointConfig.Load(_folder.Path)));
        _folder.Write("config.json", """{"architectures":"LlamaForCausalLM","dtype":"int3"}""");
        Assert.Contains("'architectures' must be an array of strings", Throws(() => CheckpointConfig.Load(_folder.Path)));
        Assert.Contains("--json-model-override-args is not valid JSON", Throws(() => CheckpointConfig.Load(_folder.Path, "{x}")));
        Assert.Contains("known are float32", Throws(() => CheckpointConfig.Load(_folder.Path, """{"architectures":[]}""").DType.ToString()));
    }

    [Fact]
    public void Generation_defaults_are_read_with_the_end_tokens_of_either_file()
    {
        var config = new CheckpointConfig(JsonConfig.Parse("""{"eos_token_id":[2,3],"bos_token_id":1}""", "config.json"));
        Assert.Equal([2, 3], GenerationConfig.Load(_folder.Path, config).EosTokenIds);
        _folder.Write("generation_config.json", """{"do_sample":true,"temperature":0.6,"top_p":0.9,"top_k":20,"min_p":0.0,"repetition_penalty":1.05,"eos_token_id":7,"max_new_tokens":100}""");
        var generation = GenerationConfig.Load(_folder.Path, config);
        Assert.Equal([7], generation.EosTokenIds);
        Assert.Equal((true, 0.6, 0.9, 20), (generation.DoSample, generation.Temperature, generation.TopP, generation.TopK));
        Assert.Equal((0.0, 1.05, 100, 1), (generation.MinP, generation.RepetitionPenalty, generation.MaxNewTokens, generation.BosTokenId));
        _folder.Write("generation_config.json", """{"temperature":"hot"}""");
        Assert.Contains("'temperature' must be a number, found the string 'hot'", Throws(() => GenerationConfig.Load(_folder.Path)));
    }

    private static string Throws(Func<object?> action) => Assert.Throws<SglException>(() => action()).Message;
}
