using System.Runtime.InteropServices;
using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
using SglNative.Models.Weights;

namespace SglNative.Models.Tests.Weights;

public sealed class WeightRulesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sgl-weights-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Rename_and_drop()
    {
        var map = WeightMap.Standard().Rename("h.*.mlp.*", "model.layers.*.ffn.*").Drop("*.unused");
        var found = Apply(map, ("h.3.mlp.up.weight", [2], [1, 2]), ("a.unused", [1], [0]), ("kept", [1], [7]), ("x.rotary_emb.inv_freq", [1], [0]));
        Assert.Equal([("kept", "[1]", "7"), ("model.layers.3.ffn.up.weight", "[2]", "1 2")], found);
    }

    [Fact]
    public void Split_and_fuse_are_opposites()
    {
        var split = new WeightMap().Split("*.qkv", ("*.q", 2), ("*.k", 1), ("*.v", 1));
        var rows = Numbers(8);
        Assert.Equal([("a.k", "[1, 2]", "4 5"), ("a.q", "[2, 2]", "0 1 2 3"), ("a.v", "[1, 2]", "6 7")], Apply(split, ("a.qkv", [4, 2], rows)));
        var both = new WeightMap().Split("*.qkv", ("*.q", 2), ("*.k", 1), ("*.v", 1)).Fuse("*.fused", "*.q", "*.k", "*.v");
        Assert.Equal([("a.fused", "[4, 2]", string.Join(' ', rows)), ("b.fused", "[4, 2]", string.Join(' ', rows))], Apply(both, ("a.qkv", [4, 2], rows), ("b.qkv", [4, 2], rows)));
    }

    [Fact]
    public void A_fusion_that_lacks_a_part_is_left_to_the_check()
    {
        var map = new WeightMap().Fuse("*.gu", "*.gate", "*.up");
        Assert.Equal([("1.gate", "[1]", "1"), ("2.gu", "[2]", "2 3")], Apply(map, ("1.gate", [1], [1]), ("2.gate", [1], [2]), ("2.up", [1], [3])));
    }

    [Fact]
    public void Transpose_exchanges_the_dimensions() =>
        Assert.Equal([("w", "[3, 2]", "0 3 1 4 2 5")], Apply(new WeightMap().Transpose("w"), ("w", [2, 3], Numbers(6))));

    [Fact]
    public void Rows_that_take_turns_are_parted()
    {
        Assert.Equal([("gate", "[2, 2]", "0 1 4 5"), ("up", "[2, 2]", "2 3 6 7")], Apply(new WeightMap().Deal("gu", "gate", "up"), ("gu", [4, 2], Numbers(8))));
        // Two heads, each of two q rows, one k and one v.
        Assert.Equal([("k", "[2]", "2 6"), ("q", "[4]", "0 1 4 5"), ("v", "[2]", "3 7")], Apply(new WeightMap().SplitGroups("qkv", 2, ("q", 2), ("k", 1), ("v", 1)), ("qkv", [8], Numbers(8))));
    }

    [Fact]
    public void Experts_are_stacked_by_number_and_cut_again()
    {
        var tensors = Enumerable.Range(0, 11).Select(i => ($"l.0.experts.{i}.w", new long[] { 1, 2 }, new float[] { i, i + 100 })).ToArray();
        var stacked = Apply(new WeightMap().Stack("l.*.experts.#.w", "l.*.w"), tensors);
        Assert.Equal([("l.0.w", "[11, 1, 2]", string.Join(' ', tensors.SelectMany(one => one.Item3)))], stacked);
        Assert.Equal(11, Apply(new WeightMap().Stack("l.*.experts.#.w", "l.*.w").Unstack("l.*.w", "l.*.experts.{i}.w"), tensors).Count);
        var error = Assert.Throws<SglException>(() => Apply(new WeightMap().Stack("l.*.experts.#.w", "l.*.w"), [.. tensors.Where(one => !one.Item1.Contains(".7.", StringComparison.Ordinal))]));
        Assert.Contains("number 7 is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_delegate_makes_what_no_rule_makes()
    {
        var map = new WeightMap().Convert("w", weights => weights.With(new Shape(1), [weights.ToFloats().Sum()]), shape: _ => new Shape(1));
        Assert.Equal([("w", "[1]", "6")], Apply(map, ("w", [4], Numbers(4))));
        var wrong = new WeightMap().Convert("w", weights => weights.With(new Shape(2), [1, 2]));
        Assert.Contains("the rule was to make float32[4], and made float32[2]", Assert.Throws<SglException>(() => Apply(wrong, ("w", [4], Numbers(4)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_tensors_under_one_name_are_an_error_naming_both()
    {
        var error = Assert.Throws<SglException>(() => Apply(new WeightMap().Rename("*", "same"), ("a", [1], [1]), ("b", [1], [2])));
        Assert.Contains("a and b are both mapped to same", error.Message, StringComparison.Ordinal);
    }

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (float)i)];

    private unsafe List<(string Name, string Shape, string Values)> Apply(WeightMap map, params IReadOnlyList<(string Name, long[] Shape, float[] Values)> tensors)
    {
        SafetensorsWriter.Save(Path.Combine(_folder, "model.safetensors"),
            tensors.ToDictionary(one => one.Name, one => (DType.Float32, new Shape(one.Shape), (ReadOnlyMemory<byte>)MemoryMarshal.AsBytes<float>(one.Values).ToArray())));
        using var checkpoint = Checkpoint.Open(_folder);
        var found = new List<(string, string, string)>();
        foreach (var (name, tensor) in map.Apply(checkpoint).OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            var elements = tensor.Read();
            found.Add((name, tensor.Shape.ToString(), string.Join(' ', new ReadOnlySpan<float>((void*)elements.Address, (int)tensor.Shape.Count).ToArray())));
            GC.KeepAlive(elements.Owner);
        }
        return found;
    }
}
