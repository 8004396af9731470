using System.Runtime.InteropServices;
using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
using SglNative.Models.Weights;

namespace SglNative.Models.Tests.Weights;

public sealed class WeightMapTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_are_kept_dropped_and_renamed()
    {
        using var checkpoint = Write(("transformer.h.0.w", [2]), ("transformer.h.11.w", [2]), ("a.rotary_emb.inv_freq", [2]), ("h.attn.masked_bias", [1]), ("x", [1]));
        var mapped = WeightMap.Standard().Rename("transformer.h.*.w", "model.layers.*.weight").Drop("x").Apply(checkpoint);
        Assert.Equal(["model.layers.0.weight", "model.layers.11.weight"], mapped.Keys.Order());
        Assert.Equal("transformer.h.11.w", mapped["model.layers.11.weight"].Origin);
    }

    [Fact]
    public void Rows_are_split_and_matrices_transposed()
    {
        using var checkpoint = Write(("l.0.qkv", [6, 2]), ("t", [2, 3]));
        var mapped = new WeightMap().Split("l.*.qkv", ("l.*.q", 4), ("l.*.k", 1), ("l.*.v", 1)).Transpose("t").Apply(checkpoint);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], Values(mapped["l.0.q"]));
        Assert.Equal([8, 9], Values(mapped["l.0.k"]));
        Assert.Equal([10, 11], Values(mapped["l.0.v"]));
        Assert.Equal((new Shape(3, 2), new Shape(1, 2)), (mapped["t"].Shape, mapped["l.0.k"].Shape));
        Assert.Equal([0, 3, 1, 4, 2, 5], Values(mapped["t"]));
    }

    [Fact]
    public void What_does_not_fit_a_rule_is_named()
    {
        using var checkpoint = Write(("a", [6, 2]), ("b", [6]));
        Assert.Equal("a has shape [6, 2], expected 7 rows to split into x, y",
            Assert.Throws<SglException>(() => new WeightMap().Split("a", ("x", 4), ("y", 3)).Apply(checkpoint)).Message);
        Assert.Equal("b has shape [6], expected two or more dimensions to transpose", Assert.Throws<SglException>(() => new WeightMap().Transpose("b").Apply(checkpoint)).Message);
        Assert.EndsWith(" are both mapped to c", Assert.Throws<SglException>(() => new WeightMap().Rename("a", "c").Rename("b", "c").Apply(checkpoint)).Message, StringComparison.Ordinal);
    }

    private Checkpoint Write(params (string Name, long[] Shape)[] tensors)
    {
        SafetensorsWriter.Save(_folder["model.safetensors"], tensors.ToDictionary(t => t.Name, t => (DType.Float32, new Shape(t.Shape),
            new ReadOnlyMemory<byte>(MemoryMarshal.AsBytes(Enumerable.Range(0, (int)new Shape(t.Shape).Count).Select(i => (float)i).ToArray().AsSpan()).ToArray()))));
        return Checkpoint.Open(_folder.Path);
    }

    private static unsafe float[] Values(SourceTensor tensor)
    {
        var elements = tensor.Read();
        var values = new ReadOnlySpan<float>((void*)elements.Address, (int)tensor.Shape.Count).ToArray();
        GC.KeepAlive(elements.Owner);
        return values;
    }
}
