using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
using SglNative.Models.Weights;

namespace SglNative.Models.Tests.Weights;

public class WeightLoaderTests
{
    private const string Q = "model.layers.0.self_attn.q_proj.weight";

    [Fact]
    public void Every_problem_is_named_with_its_shapes()
    {
        using var model = ModelUnderTest.Of(ModelUnderTest.Config("llama2"));
        var tensors = Tensors();
        tensors.Remove(Q);
        tensors["model.norm.weight"] = Fake("model.norm.weight", DType.BFloat16, 31);
        tensors["lm_head.weight"] = Fake("lm_head.weight", DType.Int8, 256, 32);
        tensors["model.layers.7.extra"] = Fake("model.layers.7.extra", DType.BFloat16, 4, 5);
        var e = Assert.Throws<SglException>(() => WeightLoader.Check(model.Build, tensors, "DIR"));
        Assert.StartsWith("DIR: ", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{Q} [32, 32] is missing", e.Message, StringComparison.Ordinal);
        Assert.Contains("model.norm.weight has shape [31], expected [32]", e.Message, StringComparison.Ordinal);
        Assert.Contains("lm_head.weight has type int8, expected bfloat16, float16 or float32", e.Message, StringComparison.Ordinal);
        Assert.Contains("model.layers.7.extra [4, 5] is not used by the model", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_problems_some_are_named_and_all_are_counted()
    {
        using var model = ModelUnderTest.Of(ModelUnderTest.Config("llama2"));
        var e = Assert.Throws<SglException>(() => WeightLoader.Check(model.Build, new Dictionary<string, SourceTensor>(), "DIR"));
        Assert.EndsWith($"; and {Tensors().Count - 8} more", e.Message, StringComparison.Ordinal);
        Assert.True(e.Message.Length < 1000);
    }

    [Fact]
    public void Fused_projections_lie_below_each_other()
    {
        using var model = ModelUnderTest.Load("llama3");
        using var checkpoint = Checkpoint.Open(TestFiles.Golden("llama3"));
        foreach (var (fused, parts) in new[] { ("self_attn.qkv_proj", new[] { "q_proj", "k_proj", "v_proj" }), ("mlp.gate_up_proj", ["gate_proj", "up_proj"]) })
            Assert.Equal(parts.SelectMany(part => Floats(checkpoint[$"model.layers.1.{fused.Split('.')[0]}.{part}.weight"])),
                ModelUnderTest.Values(model.Parameter($"model.layers.1.{fused}.weight")));
    }

    [Fact]
    public void A_tied_head_may_be_there_a_second_time()
    {
        using var model = ModelUnderTest.Load("llama32_tied");
        Assert.DoesNotContain(model.Build.Parameters, parameter => parameter.Name.StartsWith("lm_head", StringComparison.Ordinal));
        using var folder = new TemporaryFolder();
        using var checkpoint = Checkpoint.Open(TestFiles.Golden("llama32_tied"));
        var tensors = checkpoint.Tensors.Values.ToDictionary(t => t.Name, t => (t.DType, t.Shape, new ReadOnlyMemory<byte>(t.Bytes.ToArray())));
        tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"];
        SafetensorsWriter.Save(folder["model.safetensors"], tensors);
        using var doubled = Checkpoint.Open(folder.Path);
        WeightLoader.Check(model.Build, model.Model.WeightMap.Apply(doubled), "DIR");
    }

    internal static float[] Floats(CheckpointTensor tensor)
    {
        var values = new float[tensor.Shape.Count];
        HostConversion.ToFloats(tensor.Bytes, tensor.DType, values);
        return values;
    }

    private static Dictionary<string, SourceTensor> Tensors()
    {
        using var checkpoint = Checkpoint.Open(TestFiles.Golden("llama2"));
        return checkpoint.Tensors.Values.ToDictionary(tensor => tensor.Name, tensor => Fake(tensor.Name, tensor.DType, tensor.Shape));
    }

    private static SourceTensor Fake(string name, DType dtype, params ReadOnlySpan<long> dims) => Fake(name, dtype, new Shape(dims));

    private static SourceTensor Fake(string name, DType dtype, Shape shape) => new(name, dtype, shape, name, () => throw new InvalidOperationException("only checked"));
}
