using System.Text.Json.Nodes;

namespace SglNative.Cli.Tests.Loading;

/// <summary>Configurations changed at random: each loads or is refused in one line, and none ends in a stack trace or takes the machine.</summary>
public sealed class ConfigFuzzTests : IDisposable
{
    private static readonly string[] Values =
    [
        "null", "0", "-1", "1", "2", "3", "7", "1.5", "-0.0", "1e308", "1e-308", "NaN", "Infinity", "-Infinity", "2147483647", "2147483648", "-2147483648", "99999999999999999999",
        "true", "false", "\"\"", "\"x\"", "\"\\ud800\"", "[]", "{}", "[[]]", "[1,2,3]", "[null]", "{\"a\": {\"b\": [{}]}}", "[\"full_attention\", \"sliding_attention\"]",
        "{\"rope_type\": \"yarn\"}", "{\"rope_type\": \"yarn\", \"factor\": 1e300}", "{\"type\": \"linear\", \"factor\": 0}", "{\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1, \"high_freq_factor\": 1, \"original_max_position_embeddings\": 16}",
        "{\"rope_type\": \"longrope\", \"short_factor\": [1], \"long_factor\": [1]}", "{\"rope_type\": \"dynamic\", \"factor\": 3}", "{\"full_attention\": {}}",
    ];

    private static readonly string[] MoreKeys =
    [
        "rope_scaling", "rope_parameters", "sliding_window", "layer_types", "use_sliding_window", "partial_rotary_factor", "original_max_position_embeddings", "text_config",
        "quantization_config", "compression_config", "dtype", "n_positions", "head_dim",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama2", 1)]
    [InlineData("mistral", 2)]
    [InlineData("qwen3", 3)]
    [InlineData("llama_yarn", 4)]
    public async Task A_changed_configuration_loads_or_is_refused(string golden, int seed)
    {
        var random = new Random(seed);
        var (loaded, refused) = (0, 0);
        var weights = Path.Combine(TestFiles.Golden(golden), "model.safetensors");
        File.Copy(weights, _folder["model.safetensors"]);
        var original = JsonNode.Parse(File.ReadAllText(Path.Combine(TestFiles.Golden(golden), "config.json")))!.AsObject();
        var keys = original.Select(pair => pair.Key).Concat(MoreKeys).Distinct().ToArray();
        for (var round = 0; round < 150; round++)
        {
            // As text: NaN and lone surrogates are no JSON that a writer would write.
            var members = original.ToDictionary(pair => pair.Key, pair => pair.Value?.ToJsonString() ?? "null");
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var key = keys[random.Next(keys.Length)];
                if (random.Next(4) == 0) members.Remove(key);
                else members[key] = Values[random.Next(Values.Length)];
            }
            var text = $"{{{string.Join(", ", members.Select(pair => $"\"{pair.Key}\": {pair.Value}"))}}}";
            _folder.Write("config.json", text);
            var (code, _, error) = await TestProgram.RunAsync("bench-one-batch", "--device", "cpu", "--model-path", _folder.Path, "--max-total-tokens", "64", "--input-ids", "1", "--output-logits", _folder["out"]);
            Assert.True(code is 0 or 1, $"exit code {code} for {text}\n{error}");
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
            if (code == 0) loaded++;
            else
            {
                refused++;
                Assert.True(error.Split('\n').Count(line => line.StartsWith("error: ", StringComparison.Ordinal)) == 1 && error.Trim().Length > 20, error);
            }
        }
        Assert.True(loaded > 5 && refused > 20, $"{loaded} loaded, {refused} refused");
    }
}
