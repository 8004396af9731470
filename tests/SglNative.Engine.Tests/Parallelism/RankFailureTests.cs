using System.Diagnostics;
using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Models.Architectures;
using SglNative.Models.Batches;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Engine.Tests.Parallelism;

/// <summary>A rank that fails, or does not come, leaves nobody waiting, and one line says which it was.</summary>
public class RankFailureTests
{
    private const string Apart = "; the 2 ranks of the model are no longer in step, and no further step can run: restart";

    private static readonly int[] Prompt = [3, 4, 5];

    private static ServerArgs Args => TestEngine.Args("llama3");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_rank_that_fails_alone_ends_the_group_with_its_reason(int failing)
    {
        var step = 0;
        using var ranks = new CpuRanks(Args, 2, Registry(rank =>
        {
            if (rank == 0) step++;
            if (rank == failing && Volatile.Read(ref step) == 2) throw new InvalidOperationException("boom");
        }));
        using var batch = new StaticBatch(Args, ranks.Loaded, [Prompt], 4);
        batch.Compute();
        batch.Append(0, batch.NextTokens[0]);
        var started = Stopwatch.GetTimestamp();
        Assert.Equal($"rank {failing}: boom{Apart}", Assert.Throws<SglException>(() => batch.Compute()).Message);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 20);
        Assert.Equal($"rank {failing}: boom{Apart}", Assert.Throws<SglException>(() => batch.Compute()).Message);
    }

    [Fact]
    public void Ranks_that_fail_alike_are_still_in_step()
    {
        using var ranks = new CpuRanks(Args, 2, Registry(batch =>
        {
            if (batch.Attention.MaxKvLength == 4) throw new InvalidOperationException("boom");
        }));
        using var batch = new StaticBatch(Args, ranks.Loaded, [Prompt], 4);
        batch.Compute();
        var first = batch.NextTokens[0];
        batch.Append(0, first);
        var e = Assert.ThrowsAny<Exception>(() => batch.Compute());
        Assert.Contains("boom", e.Message);
        Assert.DoesNotContain("in step", e.Message);
        using var again = new StaticBatch(Args, ranks.Loaded, [Prompt], 0);
        again.Compute();
        Assert.Equal(first, again.NextTokens[0]);
    }

    [Fact]
    public void A_rank_that_does_not_come_is_waited_for_no_longer_than_asked()
    {
        using var gate = new ManualResetEventSlim();
        using var ranks = new CpuRanks(Args with { RankTimeout = TimeSpan.FromSeconds(1) }, 2, Registry(rank =>
        {
            if (rank == 1) gate.Wait(TimeSpan.FromSeconds(60));
        }));
        using var batch = new StaticBatch(Args, ranks.Loaded, [Prompt], 0);
        Assert.Equal($"a step has not ended within 1 s (--dist-timeout){Apart}", Assert.Throws<SglException>(() => batch.Compute()).Message);
        gate.Set();
    }

    [Fact]
    public void A_rank_that_cannot_be_made_is_named()
    {
        var registry = ModelRegistry.Default.Copy();
        registry.Register("LlamaForCausalLM", (config, root) => root.Build.Parallel.Rank == 1
            ? throw new SglException("there is no room") : new LlamaForCausalLM(config, root), "Llama", "tests");
        Assert.Equal("rank 1 of 2: there is no room", Assert.Throws<SglException>(() => new CpuRanks(Args, 2, registry)).Message);
    }

    private static ModelRegistry Registry(Action<int> onForward) => Registry((rank, _) => onForward(rank));

    private static ModelRegistry Registry(Action<ForwardBatch> onForward) => Registry((_, batch) => onForward(batch));

    private static ModelRegistry Registry(Action<int, ForwardBatch> onForward)
    {
        var registry = ModelRegistry.Default.Copy();
        registry.Register("LlamaForCausalLM", (config, root) => new Probed(config, root, onForward), nameof(Probed), "tests");
        return registry;
    }

    private sealed class Probed(JsonConfig config, ModuleScope root, Action<int, ForwardBatch> onForward) : LlamaForCausalLM(config, root)
    {
        public override Tensor Forward(ForwardBatch batch, Tensor hidden)
        {
            onForward(Build.Parallel.Rank, batch);
            return base.Forward(batch, hidden);
        }
    }
}
