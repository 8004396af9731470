using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using SglNative.Core.Checkpoints;
using SglNative.Models.Registry;

namespace SglNative.Cli.Tests.Loading;

/// <summary>What is wrong with a checkpoint ends in one clear line, at either command that loads one.</summary>
public sealed class BadCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/no/such/path", "no such path: /no/such/path")]
    [InlineData("./no-such-path", "no such path: ./no-such-path")]
    [InlineData("no_such_name", "no such path: no_such_name (a repository of the Hub is written owner/name)")]
    [InlineData("/no/such/model.gguf", "no such path: /no/such/model.gguf")]
    public async Task No_such_path(string path, string message)
    {
        Assert.StartsWith(message, await RefusalAsync(path), StringComparison.Ordinal);
        Assert.StartsWith(message, await TestProgram.RefusalAsync("serve", "--device", "cpu", "--port", "0", "--model-path", path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.gguf", "GGUF is not read; use the model's original repository in safetensors form")]
    [InlineData("pytorch_model.bin", "only safetensors is read; use the model's safetensors form, or convert it")]
    [InlineData("consolidated.00.pth", "only safetensors is read")]
    [InlineData("model.safetensors", "is a file: give the folder that holds it")]
    public async Task A_file_in_place_of_a_folder(string name, string message)
    {
        var file = _folder.Write(name, "x");
        var line = await RefusalAsync(file);
        Assert.StartsWith(file, line, StringComparison.Ordinal);
        Assert.Contains(message, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.gguf", "GGUF is not read")]
    [InlineData("pytorch_model.bin", "only safetensors is read")]
    [InlineData("adapter_model.safetensors", "holds a LoRA adapter (adapter_model.safetensors), not a model: give the base model")]
    [InlineData("nothing.txt", "has no weights: no *.safetensors file")]
    public async Task A_folder_without_weights_that_can_be_read(string name, string message)
    {
        Config();
        _folder.Write(name, "x");
        Assert.Contains(message, await RefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_configuration()
    {
        Assert.Equal($"{_folder.Path} has no config.json: give the folder of a checkpoint in the Hugging Face layout", await RefusalAsync());
        _folder.Write("config.json", "{");
        Assert.StartsWith($"{_folder["config.json"]} is not valid JSON", await RefusalAsync(), StringComparison.Ordinal);
        _folder.Write("config.json", "[]");
        Assert.StartsWith($"{_folder["config.json"]}", await RefusalAsync(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Damage { get; } = new()
    {
        { "empty", "is not a safetensors file: 0 bytes are fewer than the 8 of the header length" },
        { "text", "is not a safetensors file" },
        { "header 2^63", "is not a safetensors file: its header length is 9223372036854775808, at most 100000000 is allowed" },
        { "truncated", "is truncated: tensor " },
        { "truncated header", "is truncated or not a safetensors file: its header length is " },
        { "overlap", " overlap (data_offsets [" },
        { "out of range", "is truncated: tensor " },
        { "gguf inside", "holds GGUF, not safetensors" },
        { "pickle inside", "holds a PyTorch pickle archive, not safetensors" },
        { "lfs pointer", "is a Git LFS pointer, not the weights" },
    };

    [Theory]
    [MemberData(nameof(Damage))]
    public async Task Damaged_weights(string kind, string message)
    {
        Config();
        var good = File.ReadAllBytes(Path.Combine(TestFiles.Golden("llama2"), "model.safetensors"));
        _folder.Write("model.safetensors", kind switch
        {
            "empty" => [],
            "text" => Encoding.UTF8.GetBytes("these are no weights, but a text of some length"),
            "header 2^63" => [0, 0, 0, 0, 0, 0, 0, 0x80, .. good[8..]],
            "truncated" => good[..^100],
            "truncated header" => good[..100],
            "overlap" => Reheader(good, header => Offsets(header, Last(header), -2)),
            "out of range" => Reheader(good, header => Offsets(header, Last(header), 1 << 20)),
            "gguf inside" => [.. "GGUF"u8, .. good],
            "pickle inside" => [0x50, 0x4b, 3, 4, .. good],
            "lfs pointer" => Encoding.UTF8.GetBytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
            _ => good,
        });
        var line = await RefusalAsync();
        Assert.StartsWith(_folder["model.safetensors"], line, StringComparison.Ordinal);
        Assert.Contains(message, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_misshapen_and_unused_weights()
    {
        Config();
        using (var file = SafetensorsFile.Open(Path.Combine(TestFiles.Golden("llama2"), "model.safetensors")))
        {
            var tensors = file.Tensors.Values.ToDictionary(t => t.Name, t => (t.DType, t.Shape, new ReadOnlyMemory<byte>(t.Bytes.ToArray())));
            tensors.Remove("model.layers.1.mlp.up_proj.weight");
            tensors["model.norm.weight"] = tensors["model.embed_tokens.weight"];
            tensors["model.layers.2.input_layernorm.weight"] = tensors["model.layers.0.input_layernorm.weight"];
            SafetensorsWriter.Save(_folder["model.safetensors"], tensors);
        }
        var line = await RefusalAsync();
        Assert.StartsWith($"{_folder.Path}: ", line, StringComparison.Ordinal);
        Assert.Contains("model.layers.1.mlp.up_proj.weight [48, 32] is missing", line, StringComparison.Ordinal);
        Assert.Contains("model.norm.weight has shape [256, 32], expected [32]", line, StringComparison.Ordinal);
        Assert.Contains("model.layers.2.input_layernorm.weight [32] is not used by the model", line, StringComparison.Ordinal);
    }

    [Theory]
    // A field that the generic decoder does not know, so that it does not step in.
    [InlineData("""{"architectures": ["Qwen4ForCausalLM"], "unheard_of": 1}""", "Model architectures [Qwen4ForCausalLM] are not supported for now. Supported architectures: ")]
    [InlineData("""{"architectures": ["Qwen4ForCausalLM"], "unheard_of": 1}""", "; nearest: Qwen2ForCausalLM")]
    [InlineData("""{"architectures": ["Qwen4ForCausalLM"], "unheard_of": 1}""", "does not know unheard_of")]
    [InlineData("""{"architectures": ["LlavaForConditionalGeneration"]}""", "they take images or audio, which is not supported yet")]
    [InlineData("""{"architectures": ["BertModel"]}""", "they are embedding, reward or classification models")]
    [InlineData("""{"architectures": null}""", "config.json names no architectures")]
    [InlineData("""{"quantization_config": {"quant_method": "awq"}}""", "quantization_config (awq) is not supported yet")]
    [InlineData("""{"quantization_config": {}}""", "quantization_config (of unknown method) is not supported yet")]
    public async Task What_is_not_there_yet(string overrides, string message) =>
        Assert.Contains(message, await RefusalAsync(TestFiles.Golden("llama2"), "--json-model-override-args", overrides), StringComparison.Ordinal);

    [Fact]
    public async Task An_architecture_that_nobody_knows_is_refused_with_those_that_are_there()
    {
        var line = await RefusalAsync(TestFiles.Golden("llama2"), "--model-impl", "native", "--json-model-override-args", """{"architectures": ["Qwen4ForCausalLM"]}""");
        var supported = line.Split("Supported architectures: ")[1].Split(';')[0].Split(", ");
        Assert.Equal(ModelRegistry.Default.Copy().SupportedArchitectures.Order(), supported.Order());
    }

    [Theory]
    [InlineData("--context-length 513", "--context-length 513 is above the model's maximum of 512 (config.json); leave it out or give at most 512")]
    [InlineData("--context-length 0", "--context-length")]
    [InlineData("--max-total-tokens 0", "--max-total-tokens takes a positive integer, not")]
    [InlineData("--page-size 0", "--page-size")]
    [InlineData("--page-size 2000000000", "--page-size takes an integer from 1 to 4096, not")]
    [InlineData("--mem-fraction-static 1.5", "--mem-fraction-static takes a number between 0 and 1")]
    [InlineData("--chunked-prefill-size 0", "--chunked-prefill-size takes a positive integer, or -1")]
    [InlineData("--json-model-override-args {", "--json-model-override-args")]
    public async Task Sizes_that_make_no_sense(string words, string message) =>
        Assert.StartsWith(message, await RefusalAsync(TestFiles.Golden("llama2"), words.Split(' ')), StringComparison.Ordinal);

    [Fact]
    public async Task Weights_that_do_not_fit()
    {
        Config("""{"hidden_size": 16384, "intermediate_size": 65536, "num_attention_heads": 128, "num_key_value_heads": 8, "head_dim": 128, "num_hidden_layers": 500, "vocab_size": 128000}""");
        var line = await RefusalAsync(_folder.Path, "--load-format", "dummy");
        Assert.Matches(@"^the model does not fit: weights \d+\.\d\d GB \+ KV cache 2\.05 GB per 1k tokens, at least 512 tokens, but --mem-fraction-static 0\.8 of .* free \(of .*\) is .*; "
            + "use a smaller model or a device with more memory$", line);
        line = await RefusalAsync(TestFiles.Golden("llama2"), "--mem-fraction-static", "0.0000001");
        Assert.EndsWith("raise --mem-fraction-static above 0", line, StringComparison.Ordinal);
    }

    private static string Last(JsonObject header) => header.Where(pair => pair.Key != "__metadata__").MaxBy(pair => (long)pair.Value!["data_offsets"]![1]!).Key;

    private static void Offsets(JsonObject header, string tensor, long shift)
    {
        var offsets = header[tensor]!["data_offsets"]!.AsArray();
        header[tensor]!["data_offsets"] = new JsonArray((long)offsets[0]! + shift, (long)offsets[1]! + shift);
    }

    private static byte[] Reheader(byte[] file, Action<JsonObject> change)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        change(header);
        var json = Encoding.UTF8.GetBytes(header.ToJsonString());
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.Length);
        return [.. prefix, .. json, .. file[(8 + length)..]];
    }

    private void Config(string overrides = "{}")
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(TestFiles.Golden("llama2"), "config.json")))!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(overrides)!.AsObject()) config[key] = value?.DeepClone();
        _folder.Write("config.json", config.ToJsonString());
    }

    private Task<string> RefusalAsync() => RefusalAsync(_folder.Path);

    private Task<string> RefusalAsync(string path, params string[] more) =>
        TestProgram.RefusalAsync(["bench-one-batch", "--device", "cpu", "--model-path", path, "--input-ids", "1", "--output-logits", _folder["out"], .. more]);
}
