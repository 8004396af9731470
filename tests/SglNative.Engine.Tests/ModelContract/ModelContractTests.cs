using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Models.Caching;
using SglNative.Models.Parallelism;

namespace SglNative.Engine.Tests.ModelContract;

/// <summary>What the model contract promises of every model: the pieces stand apart.</summary>
public class ModelContractTests
{
    // A prompt, a second piece of it, and a decode step.
    private static readonly int[][] Steps = [[5, 9, 200, 7, 31, 8, 90, 4, 4, 17, 101], [12, 60, 3], [77]];

    [Theory]
    [InlineData("llama3")]
    [InlineData("gemma2")]
    [InlineData("mixtral")]
    [InlineData("deepseek_v3")]
    [InlineData("qwen3_next")]
    [InlineData("lfm2")]
    public void Embeddings_in_equal_ids_in(string golden)
    {
        using var ids = new ModelHarness(golden);
        using var embeddings = new ModelHarness(golden);
        var first = 0;
        foreach (var step in Steps)
        {
            var expected = ids.Logits(step, first);
            embeddings.BeginStep();
            var given = embeddings.Download(ids.Model.Embed(ids.Step(step, first)));
            // The ids that come with the embeddings mean nothing.
            var batch = embeddings.Step([.. step.Select(_ => 0)], first);
            var hidden = embeddings.Model.Forward(batch, embeddings.Floats(given, step.Length, embeddings.Model.HiddenSize));
            Assert.Equal(expected, embeddings.Download(embeddings.Model.ComputeLogits(hidden)));
            first += step.Length;
        }
    }

    [Theory]
    [InlineData("llama3", 2)]
    [InlineData("llama32_tied", 2)]
    [InlineData("gemma2", 2)]
    [InlineData("olmo2", 2)]
    [InlineData("mixtral", 2)]
    [InlineData("deepseek_v2", 3)]
    [InlineData("qwen3_next", 2)]
    [InlineData("qwen3_next", 4)]
    [InlineData("lfm2", 3)]
    public void A_pipeline_cut_equals_the_whole(string golden, int count)
    {
        using var whole = new ModelHarness(golden);
        var stages = Enumerable.Range(0, count).Select(i => new ModelHarness(golden, new PipelineStage(i, count))).ToArray();
        var first = 0;
        foreach (var step in Steps)
        {
            var expected = whole.Logits(step, first);
            float[]? state = null;
            foreach (var stage in stages)
            {
                stage.BeginStep();
                var batch = stage.Step(step, first);
                var hidden = state is null ? stage.Model.Embed(batch) : stage.Floats(state, step.Length, stage.Model.HiddenSize);
                hidden = stage.Model.Forward(batch, hidden);
                state = stage.Download(stage == stages[^1] ? stage.Model.ComputeLogits(hidden) : hidden);
            }
            Assert.Equal(expected, state);
            first += step.Length;
        }
        Assert.Equal(whole.Model.Build.Caches, stages.SelectMany(stage => stage.Model.Build.Caches));
        foreach (var stage in stages) stage.Dispose();
    }

    [Fact]
    public void Stages_say_what_they_have_not()
    {
        using var last = new ModelHarness("llama3", new PipelineStage(1, 2));
        Assert.Equal("the embedding is not in pipeline stage 1 of 2", Assert.Throws<InvalidOperationException>(() => last.Model.Embed(last.Step([1], 0))).Message);
        Assert.Equal("the model has 2 layers, which cannot be cut into 3 pipeline stages", Assert.Throws<SglException>(() => new PipelineStage(0, 3).Layers(2)).Message);
    }

    [Fact]
    public void A_layer_that_shares_a_cache_reads_what_its_owner_writes()
    {
        using var sharing = new ModelHarness(root => new SharingModel(root, shares: true));
        using var copying = new ModelHarness(root => new SharingModel(root, shares: false));
        Assert.Equal([new CacheSpec.Full(2, 16), new CacheSpec.SharedWith(0)], sharing.Model.Build.Caches);
        var first = 0;
        foreach (var step in Steps)
        {
            Assert.Equal(copying.Logits(step, first), sharing.Logits(step, first));
            first += step.Length;
        }
    }

    [Fact]
    public void Every_kind_of_cache_is_used_by_a_model()
    {
        Assert.All(Caches("llama3"), cache => Assert.IsType<CacheSpec.Full>(cache));
        Assert.All(Caches("mistral"), cache => Assert.IsType<CacheSpec.Sliding>(cache));
        Assert.All(Caches("deepseek_v3"), cache => Assert.Equal(new CacheSpec.Latent(32, 8), cache));
        // Two convolutions (of queries and keys, and of values) and a matrix for each of three layers, then keys and values.
        var recurrent = Caches("qwen3_next");
        Assert.Equal(new CacheSpec.State(new Shape(3, 64)), recurrent[0]);
        Assert.Equal(new CacheSpec.State(new Shape(3, 64)), recurrent[1]);
        Assert.Equal(new CacheSpec.State(new Shape(4, 16, 16)), recurrent[2]);
        Assert.Equal(new CacheSpec.Full(2, 32), recurrent[9]);
        Assert.Equal(10, recurrent.Count);
        Assert.Equal(3, Caches("lfm2").OfType<CacheSpec.State>().Count());

        static IReadOnlyList<CacheSpec> Caches(string golden)
        {
            using var harness = new ModelHarness(golden);
            return harness.Model.Build.Caches;
        }
    }
}
