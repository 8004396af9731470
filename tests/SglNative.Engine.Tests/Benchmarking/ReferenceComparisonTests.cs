using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;

namespace SglNative.Engine.Tests.Benchmarking;

/// <summary>The comparison must be able to fail, and to say where.</summary>
public class ReferenceComparisonTests
{
    private static string Hidden(string name = "llama2-hidden") => Path.Combine(AppContext.BaseDirectory, "Benchmarking", $"{name}.safetensors");

    [Theory]
    [InlineData("llama2-hidden")]
    [InlineData("llama2-hidden-positions")]
    public void Hidden_states_of_transformers_are_ours(string file)
    {
        var report = Compare(TestEngine.Args("llama2"), Hidden(file));
        Assert.True(report.Passed);
        Assert.Equal(["model.embed_tokens", "model.layers.0", "model.norm"], report.HiddenStates!.Stages.Select(stage => stage.Module));
        Assert.Null(report.HiddenStates.FirstWrong);
        Assert.All(report.HiddenStates.Stages, stage => Assert.InRange(stage.Worst.MaxAbs, 0, 1e-4));
        Assert.Contains("hidden states: all 3 are right", Text(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.embed_tokens.weight", 5, "model.embed_tokens")]
    [InlineData("model.layers.0.self_attn.v_proj.weight", 0, "model.layers.0")]
    [InlineData("model.layers.1.mlp.up_proj.weight", 3, "model.norm")]
    [InlineData("model.norm.weight", 0, "model.norm")]
    public void The_first_layer_that_goes_wrong_is_named(string weight, int row, string module)
    {
        using var folder = new TemporaryFolder();
        Damage(TestFiles.Golden("llama2"), folder.Path, weight, row);
        var args = TestEngine.Args("llama2") with { ModelPath = folder.Path };
        foreach (var file in new[] { "llama2-hidden", "llama2-hidden-positions" })
        {
            var report = Compare(args, Hidden(file));
            Assert.False(report.Passed);
            Assert.Equal(module, report.HiddenStates!.FirstWrong!.Module);
            Assert.Contains($"hidden states: the first that goes wrong is {module} (prompt ", Text(report), StringComparison.Ordinal);
            Assert.Contains("FAIL: prompt ", Text(report), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("p0.prefill_logits", 3, 2e-3f, false)]
    [InlineData("p0.prefill_logits", 18, 2e-3f, false)]
    [InlineData("p1.decode_logits", 7, 2e-3f, false)]
    [InlineData("p1.decode_logits", 7, float.NaN, false)]
    [InlineData("p0.prefill_logits", 3, 5e-4f, true)]
    public void One_logit_that_differs_is_found(string tensor, int row, float by, bool passes)
    {
        using var folder = new TemporaryFolder();
        Change(Path.Combine(TestFiles.Golden("llama2"), "golden.safetensors"), folder["golden.safetensors"], tensor, bytes =>
        {
            var at = (row * 256 + 17) * 4;
            BitConverter.TryWriteBytes(bytes.AsSpan(at), BitConverter.ToSingle(bytes, at) + by);
        });
        var report = Compare(TestEngine.Args("llama2"), folder["golden.safetensors"]);
        Assert.Equal(passes, report.Passed);
        if (passes) return;
        var part = report.Parts.Single(part => $"p{part.Prompt}.{part.Name}_logits" == tensor);
        Assert.Equal(row + (part.Name == "decode" ? part.Tokens - 1 : 0), part.Worst(report.Tolerance).Position);
        Assert.DoesNotContain("PASS", Text(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_of_ones_own_takes_the_place_of_the_usual_ones()
    {
        var golden = Path.Combine(TestFiles.Golden("llama2"), "golden.safetensors");
        Assert.False(Compare(TestEngine.Args("llama2"), golden, 1e-9).Passed);
        Assert.False(Compare(TestEngine.Args("llama2") with { DType = DTypeChoice.BFloat16 }, golden, 1e-6).Passed);
        Assert.True(Compare(TestEngine.Args("llama2") with { DType = DTypeChoice.BFloat16 }, golden, 0.5).Passed);
    }

    private static ReferenceReport Compare(ServerArgs args, string path, double? bound = null)
    {
        using var loaded = TestEngine.Load(args);
        using var reference = ReferenceFile.Open(path, loaded.Info.VocabSize);
        return ReferenceComparison.Run(args, loaded, reference, bound: bound);
    }

    private static void Damage(string from, string to, string weight, int row)
    {
        File.Copy(Path.Combine(from, "config.json"), Path.Combine(to, "config.json"));
        Change(Path.Combine(from, "model.safetensors"), Path.Combine(to, "model.safetensors"), weight, bytes =>
        {
            // Sign and exponent of some elements of a row, or of the first of a vector.
            for (var i = 0; i < 16; i++) bytes[row * 64 + 2 * i + 1] ^= 0x80;
        });
    }

    private static void Change(string from, string to, string tensor, Action<byte[]> change)
    {
        using var file = SafetensorsFile.Open(from);
        var tensors = file.Tensors.Values.ToDictionary(t => t.Name, t => (t.DType, t.Shape, Bytes: t.Bytes.ToArray()));
        change(tensors[tensor].Bytes);
        SafetensorsWriter.Save(to, tensors.ToDictionary(pair => pair.Key, pair => (pair.Value.DType, pair.Value.Shape, new ReadOnlyMemory<byte>(pair.Value.Bytes))));
    }

    private static string Text(ReferenceReport report)
    {
        using var writer = new StringWriter();
        report.Write(writer);
        return writer.ToString();
    }
}
