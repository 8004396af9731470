using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
using SglNative.Models.Weights;

namespace SglNative.Models.Tests.Weights;

/// <summary>A share of a tensor that a weight map makes: the very elements, and hardly more of them are made.</summary>
public class NarrowTests
{
    // A share need not begin where a block of quantised weights does.
    private const long LargestBlock = 128;

    public static TheoryData<string> Goldens { get; } =
        ["deepseek_v2", "gpt_oss", "wide_gpt_oss_mxfp4", "wide_deepseek_v3_fp8", "qwen3_next", "lfm2", "phi3", "mixtral", "wide_qwen3_moe_40_experts"];

    [Theory]
    [MemberData(nameof(Goldens))]
    public void A_share_is_that_part_of_the_whole(string golden)
    {
        using var model = ModelUnderTest.Of(ModelUnderTest.Config(golden));
        using var checkpoint = Checkpoint.Open(TestFiles.Golden(golden));
        var random = new Random(1);
        foreach (var tensor in model.Model.WeightMap.Apply(checkpoint).Values)
            for (var axis = 0; axis < tensor.Shape.Rank; axis++)
            {
                foreach (var parts in (long[])[2, 4])
                    if (tensor.Shape[axis] % parts == 0) Check(tensor, axis, tensor.Shape[axis] / parts * random.Next((int)parts), tensor.Shape[axis] / parts);
                var start = random.NextInt64(tensor.Shape[axis]);
                Check(tensor, axis, start, random.NextInt64(1, tensor.Shape[axis] - start + 1));
            }
    }

    [Theory]
    [InlineData("wide_deepseek_v3_fp8", "model.layers.0.self_attn.k_b_proj.weight", 0)]
    [InlineData("wide_deepseek_v3_fp8", "model.layers.0.self_attn.o_proj.weight", 1)]
    [InlineData("deepseek_v2", "model.layers.0.self_attn.v_b_proj.weight", 0)]
    [InlineData("gpt_oss", "model.layers.0.mlp.experts.1.gate_proj.weight", 0)]
    [InlineData("gpt_oss", "model.layers.0.mlp.experts.1.down_proj.weight", 1)]
    [InlineData("wide_gpt_oss_mxfp4", "model.layers.0.mlp.experts.1.gate_proj.weight", 0)]
    [InlineData("wide_gpt_oss_mxfp4", "model.layers.0.mlp.experts.1.down_proj.weight", 1)]
    [InlineData("qwen3_next", "model.layers.0.linear_attn.in_proj_q.weight", 0)]
    [InlineData("qwen3_next", "model.layers.3.self_attn.q_proj.weight", 0)]
    public void Half_of_what_is_made_is_not_made_whole(string golden, string name, int axis)
    {
        using var model = ModelUnderTest.Of(ModelUnderTest.Config(golden));
        using var checkpoint = Checkpoint.Open(TestFiles.Golden(golden));
        var tensor = model.Model.WeightMap.Apply(checkpoint)[name];
        var half = tensor.Shape[axis] / 2;
        var (narrow, first) = tensor.Narrow(axis, half, half);
        Assert.True(narrow.Shape[axis] < tensor.Shape[axis] || half < LargestBlock && golden.EndsWith("fp8", StringComparison.Ordinal), $"{narrow.Shape} of {tensor.Shape}");
        Assert.True(narrow.Shape[axis] <= half + LargestBlock && first < LargestBlock);
    }

    private static void Check(SourceTensor tensor, int axis, long start, long length)
    {
        var (narrow, first) = tensor.Narrow(axis, start, length);
        var expected = Slice(Floats(tensor), tensor.Shape, axis, start, length);
        Assert.True(expected.AsSpan().SequenceEqual(Slice(Floats(narrow), narrow.Shape, axis, first, length)), $"{tensor.Name} {tensor.Shape}, {start} + {length} along {axis}");
        Assert.Equal((tensor.DType, tensor.Shape.With(axis, 0)), (narrow.DType, narrow.Shape.With(axis, 0)));
    }

    private static float[] Slice(float[] values, Shape shape, int axis, long start, long length)
    {
        var inner = 1L;
        for (var i = axis + 1; i < shape.Rank; i++) inner *= shape[i];
        return [.. values.Where((_, i) => i / inner % shape[axis] >= start && i / inner % shape[axis] < start + length)];
    }

    private static unsafe float[] Floats(SourceTensor tensor)
    {
        var floats = new float[tensor.Shape.Count];
        var elements = tensor.Read();
        HostConversion.ToFloats(new ReadOnlySpan<byte>((void*)elements.Address, floats.Length * tensor.DType.Size()), tensor.DType, floats);
        GC.KeepAlive(elements.Owner);
        return floats;
    }
}
