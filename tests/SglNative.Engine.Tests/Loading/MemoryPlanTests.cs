using SglNative.Core;
using SglNative.Engine.Loading;

namespace SglNative.Engine.Tests.Loading;

public class MemoryPlanTests
{
    private const long GB = 1_000_000_000;

    [Fact]
    public void The_pool_gets_what_the_share_leaves_beside_the_weights()
    {
        Assert.Equal(300_000, new MemoryPlan(10 * GB, 10 * GB, 0.5, 2 * GB, 0, 10_000).KvTokens(512, int.MaxValue));
        Assert.Equal(1000, new MemoryPlan(10 * GB, 10 * GB, 0.5, 2 * GB, 0, 10_000).KvTokens(512, 1000));
        // Others use the device, too.
        Assert.Equal(100_000, new MemoryPlan(10 * GB, 6 * GB, 0.5, 2 * GB, 0, 10_000).KvTokens(512, int.MaxValue));
    }

    [Fact]
    public void What_does_not_fit_is_explained_by_its_sum()
    {
        Assert.Equal("the model does not fit: weights 16.00 GB + KV cache 131.1 MB per 1k tokens, at least 512 tokens, but --mem-fraction-static 0.88 of 8.00 GB free "
            + "(of 24.00 GB) is 7.04 GB; use a smaller model or a device with more memory", Refusal(new MemoryPlan(24 * GB, 8 * GB, 0.88, 16 * GB, 0, 131_072)));
        Assert.EndsWith("is 0.80 GB; raise --mem-fraction-static above 0.1".Replace("0.80 GB", "800.0 MB", StringComparison.Ordinal),
            Refusal(new MemoryPlan(8 * GB, 8 * GB, 0.1, GB, 0, 1000)), StringComparison.Ordinal);
        var tables = Refusal(new MemoryPlan(8 * GB, 8 * GB, 0.8, GB, 500 * GB, 1000));
        Assert.Contains("weights 1.00 GB + rotary tables 500.00 GB + KV cache", tables, StringComparison.Ordinal);
        Assert.EndsWith("give a smaller --context-length", tables, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_captured_comes_out_of_the_remainder_first()
    {
        var plan = new MemoryPlan(10 * GB, 10 * GB, 0.5, 2 * GB, 0, 10_000);
        Assert.Equal(300_000, (plan with { Captured = 5 * GB }).KvTokens(512, int.MaxValue));
        Assert.Equal(200_000, (plan with { Captured = 6 * GB }).KvTokens(512, int.MaxValue));
        Assert.EndsWith("but --mem-fraction-static 0.5 of 10.00 GB free (of 10.00 GB) is 5.00 GB, 1.00 GB beside 9.00 GB for captured decode steps (--cuda-graph-max-bs); "
            + "give a smaller --cuda-graph-max-bs", Refusal(plan with { Captured = 9 * GB }), StringComparison.Ordinal);
    }

    private static string Refusal(MemoryPlan plan) => Assert.Throws<SglException>(() => plan.KvTokens(512, int.MaxValue)).Message;
}
