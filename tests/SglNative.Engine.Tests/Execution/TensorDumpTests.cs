using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
using SglNative.Engine.Benchmarking;
using SglNative.Models.Weights;

namespace SglNative.Engine.Tests.Execution;

/// <summary><c>--debug-tensor-dump-output-folder</c>.</summary>
public class TensorDumpTests
{
    [Fact]
    public async Task Every_module_of_every_step_is_written_under_its_path()
    {
        using var folder = new TemporaryFolder();
        var args = TestEngine.Args("llama2") with { DebugTensorDumpOutputFolder = folder["dump"] };
        int[] prompt = [5, 6, 7, 8, 9, 10, 11];
        using (var engine = await TestEngine.StartAsync(args)) await engine.OneAsync(TestEngine.Greedy(prompt, 3));
        Assert.Equal(["Pass00000.safetensors", "Pass00001.safetensors", "Pass00002.safetensors"],
            Directory.GetFiles(folder["dump"]).Select(file => Path.GetFileName(file)!).Order());

        using var reference = SafetensorsFile.Open(Path.Combine(AppContext.BaseDirectory, "Benchmarking", "llama2-hidden.safetensors"));
        using var first = SafetensorsFile.Open(Path.Combine(folder["dump"], "Pass00000.safetensors"));
        string[] modules = ["input_layernorm", "self_attn.qkv_proj", "self_attn.attn", "self_attn.o_proj", "self_attn", "post_attention_layernorm", "mlp.gate_up_proj", "mlp.down_proj", "mlp"];
        foreach (var layer in new[] { 0, 1 })
            foreach (var module in modules) Assert.Contains($"model.layers.{layer}.{module}", first.Tensors.Keys);
        Assert.Equal(new Shape(7, 32), first["model.layers.1"].Shape);
        Assert.Equal([5, 6, 7, 8, 9, 10, 11], TensorRows.ReadIntegers(first["input_ids"]));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], TensorRows.ReadIntegers(first["positions"]));
        Close(reference["p0.hidden_states"], 0, first["model.embed_tokens"]);
        Close(reference["p0.hidden_states"], 1, first["model.layers.0"]);
        Close(reference["p0.hidden_states"], 2, first["model.norm"]);

        using var second = SafetensorsFile.Open(Path.Combine(folder["dump"], "Pass00001.safetensors"));
        Assert.Equal(new Shape(1, 256), second["logits"].Shape);
        Assert.Equal([7], TensorRows.ReadIntegers(second["positions"]));
    }

    [Fact]
    public async Task Layers_can_be_chosen()
    {
        using var folder = new TemporaryFolder();
        var args = TestEngine.Args("llama2") with { DebugTensorDumpOutputFolder = folder.Path, DebugTensorDumpLayers = [1] };
        using (var engine = await TestEngine.StartAsync(args)) await engine.OneAsync(TestEngine.Greedy([3], 1));
        using var file = SafetensorsFile.Open(folder["Pass00000.safetensors"]);
        Assert.Contains("model.layers.1.mlp", file.Tensors.Keys);
        Assert.Contains("model.norm", file.Tensors.Keys);
        Assert.DoesNotContain(file.Tensors.Keys, name => name.StartsWith("model.layers.0", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_of_another_run_or_none_at_all_is_refused_before_loading()
    {
        using var folder = new TemporaryFolder();
        folder.Write("Pass00000.safetensors", "x");
        var args = TestEngine.Args("llama2");
        Assert.Contains("holds the files of another run", Assert.Throws<SglException>(() => TestEngine.Load(args with { DebugTensorDumpOutputFolder = folder.Path })).Message, StringComparison.Ordinal);
        folder.Write("file", "x");
        Assert.Contains("cannot be written", Assert.Throws<SglException>(() => TestEngine.Load(args with { DebugTensorDumpOutputFolder = folder["file"] })).Message, StringComparison.Ordinal);
    }

    private static void Close(CheckpointTensor states, int state, CheckpointTensor actual)
    {
        var (rows, width) = ((int)actual.Shape[0], (int)actual.Shape[1]);
        var (expected, found) = (new float[width], new float[rows * width]);
        HostConversion.ToFloats(actual.Bytes, actual.DType, found);
        for (var row = 0; row < rows; row++)
        {
            TensorRows.ReadFloats(states, state * rows + row, expected);
            for (var i = 0; i < width; i++) Assert.Equal(expected[i], found[row * width + i], 1e-4);
        }
    }
}
