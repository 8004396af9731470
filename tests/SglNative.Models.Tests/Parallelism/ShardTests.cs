using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Models.Parallelism;
using SglNative.Models.Tests.Weights;

namespace SglNative.Models.Tests.Parallelism;

/// <summary>What each tensor-parallel rank holds of the weights.</summary>
public class ShardTests
{
    [Fact]
    public void Shares_follow_each_other_and_make_the_whole()
    {
        Assert.Equal((0L, 12L), ParallelContext.Single.Shard(12, "x"));
        Assert.Equal([(0L, 3L), (3L, 3L), (6L, 3L), (9L, 3L)], Enumerable.Range(0, 4).Select(rank => new ParallelContext(rank, 4).Shard(12, "x")));
        Assert.Equal("num_key_value_heads is 6, which does not divide by the tensor-parallel size 4: give a --tensor-parallel-size that divides it",
            Assert.Throws<SglException>(() => new ParallelContext(0, 4).Shard(6, "num_key_value_heads")).Message);
    }

    [Fact]
    public void Fewer_heads_than_ranks_are_held_by_several()
    {
        Assert.Equal([(0L, 2L), (2L, 2L)], Enumerable.Range(0, 2).Select(rank => new ParallelContext(rank, 2).ShardOrCopy(4, "x")));
        Assert.Equal([(0L, 1L), (0L, 1L), (1L, 1L), (1L, 1L)], Enumerable.Range(0, 4).Select(rank => new ParallelContext(rank, 4).ShardOrCopy(2, "x")));
        Assert.Equal("num_key_value_heads is 3, which does not divide the tensor-parallel size 4: give a --tensor-parallel-size that is a multiple of it, or divides it",
            Assert.Throws<SglException>(() => new ParallelContext(0, 4).ShardOrCopy(3, "num_key_value_heads")).Message);
    }

    [Fact]
    public void A_vocabulary_is_filled_up_until_it_divides()
    {
        Assert.Equal((0L, 97L, 97L), ParallelContext.Single.ShardVocabulary(97));
        Assert.Equal([(0L, 64L, 64L), (64L, 64L, 33L)], Enumerable.Range(0, 2).Select(rank => new ParallelContext(rank, 2).ShardVocabulary(97)));
        Assert.Equal([(0L, 16L, 16L), (16L, 16L, 4L), (20L, 16L, 0L), (20L, 16L, 0L)], Enumerable.Range(0, 4).Select(rank => new ParallelContext(rank, 4).ShardVocabulary(20)));
    }

    [Fact]
    public void Column_split_weights_hold_rows_of_every_part_and_row_split_ones_columns()
    {
        using var checkpoint = Checkpoint.Open(TestFiles.Golden("wide_qwen2_windows"));
        var config = ModelUnderTest.Config("wide_qwen2_windows");
        var (hidden, inter) = (config.GetInt("hidden_size"), config.GetInt("intermediate_size"));
        for (var rank = 0; rank < 2; rank++)
        {
            using var model = ModelUnderTest.Load("wide_qwen2_windows", new ParallelContext(rank, 2));
            float[] Rows(string name, int columns) => Half(WeightLoaderTests.Floats(checkpoint[name]), rank, columns);
            string At(string name) => $"model.layers.1.{name}";

            Assert.Equal([.. Rows(At("self_attn.q_proj.weight"), hidden), .. Rows(At("self_attn.k_proj.weight"), hidden), .. Rows(At("self_attn.v_proj.weight"), hidden)],
                ModelUnderTest.Values(model.Parameter(At("self_attn.qkv_proj.weight"))));
            Assert.Equal([.. Rows(At("self_attn.q_proj.bias"), 1), .. Rows(At("self_attn.k_proj.bias"), 1), .. Rows(At("self_attn.v_proj.bias"), 1)],
                ModelUnderTest.Values(model.Parameter(At("self_attn.qkv_proj.bias"))));
            Assert.Equal([.. Rows(At("mlp.gate_proj.weight"), hidden), .. Rows(At("mlp.up_proj.weight"), hidden)],
                ModelUnderTest.Values(model.Parameter(At("mlp.gate_up_proj.weight"))));

            var down = WeightLoaderTests.Floats(checkpoint[At("mlp.down_proj.weight")]);
            Assert.Equal(Enumerable.Range(0, hidden).SelectMany(row => down.Skip(row * inter + rank * inter / 2).Take(inter / 2)),
                ModelUnderTest.Values(model.Parameter(At("mlp.down_proj.weight"))));
            // Norms are whole on every rank; of the embedding each has its tokens.
            Assert.Equal(WeightLoaderTests.Floats(checkpoint[At("input_layernorm.weight")]), ModelUnderTest.Values(model.Parameter(At("input_layernorm.weight"))));
            Assert.Equal(Rows("model.embed_tokens.weight", hidden), ModelUnderTest.Values(model.Parameter("model.embed_tokens.weight")));
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_bias_after_the_sum_over_the_ranks_is_added_once(int rank, bool there)
    {
        using var model = ModelUnderTest.Of(ModelUnderTest.Config("llama_bias", """{"num_key_value_heads": 2}"""), new ParallelContext(rank, 2));
        Assert.Equal(there, model.Build.Parameters.Any(parameter => parameter.Name == "model.layers.0.self_attn.o_proj.bias"));
        Assert.Contains(model.Build.Parameters, parameter => parameter.Name == "model.layers.0.self_attn.qkv_proj.bias");
    }

    [Fact]
    public void Heads_that_do_not_divide_are_refused()
    {
        var e = Assert.Throws<SglException>(() => ModelUnderTest.Of(ModelUnderTest.Config("llama2"), new ParallelContext(0, 4)));
        Assert.Equal("num_attention_heads is 2, which does not divide by the tensor-parallel size 4: give a --tensor-parallel-size that divides it", e.Message);
    }

    private static float[] Half(float[] values, int rank, int columns)
    {
        var rows = values.Length / columns / 2;
        return values.AsSpan(rank * rows * columns, rows * columns).ToArray();
    }
}
