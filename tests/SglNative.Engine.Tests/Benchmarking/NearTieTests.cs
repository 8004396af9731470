using SglNative.Core.Tensors;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;

namespace SglNative.Engine.Tests.Benchmarking;

/// <summary>What a comparison lets a mixture of experts do in 16 bits, and nobody else.</summary>
public class NearTieTests
{
    private static readonly NumericTolerance Routed = NumericTolerance.For(DType.BFloat16, routed: true);

    [Fact]
    public void Near_ties_are_named()
    {
        var report = Compare("qwen3_moe", Routed);
        Assert.True(report.Passed, Text(report));
        var excess = Assert.Single(report.Excesses);
        Assert.InRange(excess.Tie!.Value.Gap, 0, Routed.NearTie);
        Assert.Contains($"position {excess.Difference.Position}: max |difference|", Text(report), StringComparison.Ordinal);
        Assert.Matches(@"near-tie, model\.layers\.\d+\.mlp\.gate at position \d+ took expert \d+ before \d+ by [\d.]+ % of its logits' std", Text(report));
    }

    [Fact]
    public void Without_a_near_tie_or_an_allowance_it_fails()
    {
        var report = Compare("qwen3_moe", Routed with { NearTie = 0 });
        Assert.False(report.Passed);
        Assert.Contains("FAIL: prompt 0, prefill, position 17", Text(report), StringComparison.Ordinal);
        Assert.Contains("no router was near a tie", Text(report), StringComparison.Ordinal);
        Assert.False(Compare("qwen3_moe", NumericTolerance.For(DType.BFloat16, bound: 0.05)).Passed);
        report = Compare("qwen3_moe", Routed with { WorstRms = 0.005 });
        Assert.False(report.Passed);
        Assert.Matches(@"FAIL: \d+ of 41 positions exceed 0\.5 %", Text(report));
    }

    [Fact]
    public void Dense_models_and_float32_have_no_allowance()
    {
        Assert.Equal(0.05, Routed.Excesses);
        Assert.Equal(0, NumericTolerance.For(DType.BFloat16).Excesses);
        Assert.Equal(0, NumericTolerance.For(DType.Float32, routed: true).Excesses);
        Assert.Equal(0, NumericTolerance.For(DType.BFloat16, 0.05, routed: true).Excesses);
        var args = TestEngine.Args("qwen3") with { DType = DTypeChoice.BFloat16 };
        using var loaded = TestEngine.Load(args);
        using var reference = ReferenceFile.Open(Path.Combine(args.ModelPath!, "golden.safetensors"), loaded.Info.VocabSize);
        Assert.Equal(0, ReferenceComparison.Run(args, loaded, reference).Tolerance.Excesses);
    }

    [Fact]
    public void What_is_not_a_number_is_never_explained()
    {
        var tie = new RouterTie("model.layers.0.mlp.gate", 0, 0, 1, 2, 0);
        var wrong = new LogitsDifference(0, double.NaN, double.NaN, false);
        var right = Enumerable.Range(1, 99).Select(position => new LogitsDifference(position, 0, 0, true));
        var report = new ReferenceReport("x", Routed, [new ComparedPart(0, "prefill", 100, [wrong, .. right])], null) { Excesses = [new Excess(0, "prefill", wrong, tie)] };
        Assert.False(report.Passed);
        var flipped = wrong with { MaxAbs = 1, RelativeRms = 0.2 };
        report = report with { Parts = [new ComparedPart(0, "prefill", 100, [flipped, .. right])], Excesses = [new Excess(0, "prefill", flipped, tie)] };
        Assert.True(report.Passed);
    }

    /// <summary>A token explains itself first, then the nearest tie before it; one that comes later never does.</summary>
    [Fact]
    public void Only_what_a_position_sees_explains_it()
    {
        var ties = new RouterTies();
        foreach (var (position, gap) in new[] { (3, 0.04), (5, 0.01), (5, 0.02), (7, 0.03), (9, 0.2) }) ties.Add("router", 1, position, (0, 1, gap), 1);
        Assert.Null(ties.Explain(1, 2, 0.05));
        Assert.Null(ties.Explain(0, 8, 0.05));
        Assert.Equal((3, 0.04), At(4));
        Assert.Equal((7, 0.03), At(7));
        Assert.Equal((5, 0.01), At(9));

        (int Position, double Gap) At(int position) => ties.Explain(1, position, 0.05) is { } tie ? (tie.Position, tie.Gap) : default;
    }

    /// <summary>Of two experts, a token's own deviation is half of their gap: only what other tokens' logits are says how small a gap is.</summary>
    [Fact]
    public void Two_experts_can_be_near_a_tie()
    {
        var ties = new RouterTies();
        foreach (var (position, gap) in new[] { (0, 2.0), (1, 2.0), (2, 0.04) }) ties.Add("router", 0, position, (0, 1, gap), gap * gap / 4);
        ties.Add("other", 0, 1, (0, 1, 1), 1e4);
        Assert.Null(ties.Explain(0, 0, 0.05));
        var tie = ties.Explain(0, 2, 0.05);
        Assert.Equal(0.04 / Math.Sqrt((1 + 1 + 0.0004) / 3), tie!.Value.Gap, 1e-9);
        // Each router by its own deviation, and of a token's the nearest.
        Assert.Equal("other", ties.Explain(0, 1, 0.05)!.Value.Router);
    }

    private static ReferenceReport Compare(string golden, NumericTolerance tolerance)
    {
        var args = TestEngine.Args(golden) with { DType = DTypeChoice.BFloat16 };
        using var loaded = TestEngine.Load(args);
        using var reference = ReferenceFile.Open(Path.Combine(args.ModelPath!, "golden.safetensors"), loaded.Info.VocabSize);
        return ReferenceComparison.Run(args, loaded, reference, tolerance);
    }

    private static string Text(ReferenceReport report)
    {
        using var writer = new StringWriter();
        report.Write(writer);
        return writer.ToString();
    }
}
