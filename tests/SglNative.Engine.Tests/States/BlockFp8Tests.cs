using System.Text.Json.Nodes;
using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Testing;

namespace SglNative.Engine.Tests.States;

/// <summary>DeepSeek-V3's published FP8 weights; that they are read right is shown by the golden wide_deepseek_v3_fp8.</summary>
public sealed class BlockFp8Tests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fp8").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Loading_says_what_the_weights_grow_to()
    {
        using var loaded = StatefulModels.Load(StatefulModels.Args("wide_deepseek_v3_fp8") with { DType = DTypeChoice.BFloat16 });
        var warning = Assert.Single(loaded.Info.Warnings);
        Assert.StartsWith("FP8 block weights are loaded as bfloat16: they take ", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_block_sizes_and_methods_are_refused()
    {
        var error = Assert.Throws<SglException>(() => Load(quantization => quantization["weight_block_size"] = new JsonArray(64, 64))).Message;
        Assert.EndsWith("'quantization_config.weight_block_size' must be [128, 128]: other layouts of FP8 are not supported yet", error, StringComparison.Ordinal);
        error = Assert.Throws<SglException>(() => Load(quantization => quantization.Remove("weight_block_size"))).Message;
        Assert.Contains("must be [128, 128]", error, StringComparison.Ordinal);
        error = Assert.Throws<SglException>(() => Load(quantization => quantization["quant_method"] = "awq")).Message;
        Assert.Contains("quantization_config (awq) is not supported yet", error, StringComparison.Ordinal);
    }

    private void Load(Action<JsonObject> change)
    {
        var source = TestFiles.Golden("wide_deepseek_v3_fp8");
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!.AsObject();
        change(config["quantization_config"]!.AsObject());
        File.WriteAllText(Path.Combine(_folder, "config.json"), config.ToJsonString());
        File.Copy(Path.Combine(source, "model.safetensors"), Path.Combine(_folder, "model.safetensors"), overwrite: true);
        StatefulModels.Load(StatefulModels.Args("wide_deepseek_v3_fp8") with { ModelPath = _folder }).Dispose();
    }
}
