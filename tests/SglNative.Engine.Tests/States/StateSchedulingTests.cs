using SglNative.Core;
using SglNative.Engine.Caching;
using SglNative.Engine.Loading;

namespace SglNative.Engine.Tests.States;

/// <summary>States of fixed size follow their sequences: handed out, started anew, given back.</summary>
public class StateSchedulingTests
{
    private const long MB = 1_000_000;

    [Theory]
    [InlineData("qwen3_next")]
    [InlineData("lfm2")]
    public async Task Sequences_that_take_over_states_of_others_answer_as_if_alone(string name)
    {
        var args = StatefulModels.Args(name);
        int[][] prompts = [.. Enumerable.Range(0, 7).Select(i => StatefulModels.Prompt(3 + 5 * i, i, 256))];
        var expected = new List<IReadOnlyList<int>>();
        foreach (var prompt in prompts) expected.Add((await StatefulModels.RunAsync(args, [prompt], 20))[0].TokenIds);
        // Two states for seven sequences, prompts cut into pieces beside decoding ones.
        var outputs = await StatefulModels.RunAsync(args with { MaxRunningRequests = 2, ChunkedPrefillSize = 9 }, prompts, 20);
        Assert.Equal(expected, outputs.Select(output => output.TokenIds));
    }

    [Theory]
    [InlineData("qwen3_next")]
    [InlineData("deepseek_v3")]
    public async Task Retracted_sequences_lose_nothing(string name)
    {
        var large = StatefulModels.Args(name) with { PageSize = 16 };
        // Admission is as careless as can be, so that the pool runs out.
        var tiny = large with { MaxTotalTokens = 192, ScheduleConservativeness = 0, ChunkedPrefillSize = 24 };
        int[][] prompts = [.. Enumerable.Range(0, 8).Select(i => StatefulModels.Prompt(5 + 3 * i, i, 256))];
        var expected = await StatefulModels.RunAsync(large, prompts, 50);
        var actual = await StatefulModels.RunAsync(tiny, prompts, 50);
        Assert.True(actual.Sum(output => output.Retractions) > 0, "nothing was retracted");
        Assert.Equal(expected.Select(output => output.TokenIds), actual.Select(output => output.TokenIds));
    }

    [Fact]
    public void Rows_are_handed_out_once_and_the_first_never()
    {
        var states = new StateAllocator(2);
        var (first, second) = (states.Take(), states.Take());
        Assert.Equal([1, 2], new[] { first, second }.Order());
        Assert.False(states.HasRoom);
        Assert.Throws<InvalidOperationException>(() => states.Take());
        states.Release(first);
        Assert.Throws<InvalidOperationException>(() => states.Release(first));
        Assert.Equal(first, states.Take());
    }

    [Fact]
    public void Models_without_states_are_not_held_back()
    {
        var states = new StateAllocator(0);
        for (var i = 0; i < 1000; i++) Assert.Equal(0, states.Take());
        states.Release(0);
        Assert.True(states.HasRoom);
    }

    [Fact]
    public void Memory_is_shared_by_states_and_pages()
    {
        var plan = new MemoryPlan(1000 * MB, 1000 * MB, 0.5, 100 * MB, 0, 1000) { StateBytes = MB };
        // 400 MB beside the weights, of which half for states, of which a row is set aside.
        Assert.Equal(199, plan.States(null, 256, 0.5));
        Assert.Equal(16, plan.States(null, 16, 0.5));
        Assert.Equal(300, plan.States(300, 256, 0.5));
        Assert.Equal(200_000, plan.KvTokens(512, int.MaxValue, 199));
        Assert.Equal(0, (plan with { StateBytes = 0 }).States(300, 256, 0.5));
    }

    [Fact]
    public void States_that_do_not_fit_are_explained()
    {
        var plan = new MemoryPlan(1000 * MB, 1000 * MB, 0.5, 100 * MB, 0, 1000) { StateBytes = MB };
        var error = Assert.Throws<SglException>(() => plan.States(500, 256, 0.5)).Message;
        Assert.Equal("the model does not fit: weights 100.0 MB + recurrent states 1.0 MB per running request, 501 of them, but --mem-fraction-static 0.5 of 1.00 GB free "
            + "(of 1.00 GB) is 500.0 MB; lower --max-running-requests", error);
        Assert.Contains("states of 399 running requests 400.0 MB + KV cache", Assert.Throws<SglException>(() => plan.KvTokens(512, int.MaxValue, 399)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loading_reserves_as_many_states_as_may_run()
    {
        using var loaded = StatefulModels.Load(StatefulModels.Args("qwen3_next") with { MaxRunningRequests = 5 });
        Assert.Equal(5, loaded.Info.MaxStates);
        using var plain = StatefulModels.Load(StatefulModels.Args("deepseek_v3"));
        Assert.Equal(0, plain.Info.MaxStates);
    }
}
