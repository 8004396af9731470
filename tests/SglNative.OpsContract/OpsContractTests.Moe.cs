using SglNative.Core.Tensors;
using SglNative.Models.Operations;

namespace SglNative.OpsContract;

public abstract partial class OpsContractTests
{
    /// <summary>Types of activations and weights that meet in experts.</summary>
    protected virtual IReadOnlyList<(DType X, DType Weight)> ExpertTypes => LinearTypes;

    public static TheoryData<int, RoutingOptions> Routers => new()
    {
        { 4, new RoutingOptions { TopK = 2, Renormalize = true } },
        { 6, new RoutingOptions { TopK = 6 } },
        { 1, new RoutingOptions { TopK = 1, Renormalize = true } },
        { 40, new RoutingOptions { TopK = 6, Scale = 2.5f } },
        { 128, new RoutingOptions { TopK = 8, Renormalize = true } },
        { 16, new RoutingOptions { TopK = 1, Scoring = ExpertScoring.Sigmoid } },
        { 160, new RoutingOptions { TopK = 6, Groups = 8, TopGroups = 3, Scale = 16 } },
        { 256, new RoutingOptions { TopK = 8, Scoring = ExpertScoring.Sigmoid, Renormalize = true, Scale = 2.5f, Groups = 8, TopGroups = 4, GroupScoreCount = 2 } },
        { 512, new RoutingOptions { TopK = 10, Renormalize = true } },
        { 1023, new RoutingOptions { TopK = 32, Scoring = ExpertScoring.Sigmoid } },
    };

    [Theory]
    [MemberData(nameof(Routers))]
    public void Routing_agrees_with_and_without_correction(int experts, RoutingOptions options)
    {
        foreach (var tokens in (int[])[0, 1, 3, 77, 700])
            foreach (var corrected in (bool[])[false, true])
            {
                var stride = experts + 5;
                var logits = Numbers.Random(tokens * stride, experts + tokens, 4);
                var correction = corrected ? Numbers.Random(experts, 5, 0.3f) : null;
                var routing = Ops.RouteExperts(
                    Upload(logits, DType.Float32, tokens, stride).Slice(1, 5, experts), correction is null ? default : Upload(correction, DType.Float32, experts), options);
                var (chosen, weights) = (DownloadInts(routing.Experts), Download(routing.Weights));
                for (var t = 0; t < tokens; t++)
                {
                    var what = $"token {t} of {tokens}, {options}, correction {corrected}";
                    CheckChoice(chosen.AsSpan(t * options.TopK, options.TopK), weights.AsSpan(t * options.TopK, options.TopK),
                        logits.AsSpan(t * stride + 5, experts), correction, options, what);
                }
                CheckPairs(routing, chosen, experts);
            }
    }

    [Fact]
    public void Routing_takes_the_first_among_equals_and_survives_infinities()
    {
        var options = new RoutingOptions { TopK = 3, Renormalize = true };
        float[] logits =
        [
            1, 1, 1, 1, 1, 1, 1, 1,
            0, 2, 0, 2, 0, 2, 0, 2,
            float.NegativeInfinity, float.NegativeInfinity, 5, float.NegativeInfinity, float.NegativeInfinity, 5, float.NegativeInfinity, float.NegativeInfinity,
            80, -80, 80, -80, 3, -80, -80, 80,
        ];
        var routing = Ops.RouteExperts(Upload(logits, DType.Float32, 4, 8), default, options);
        Assert.Equal([0, 1, 2, 1, 3, 5, 2, 5, 0, 0, 2, 7], DownloadInts(routing.Experts));
        var third = 1 / 3f;
        AssertClose(Download(routing.Weights), [third, third, third, third, third, third, 0.5, 0.5, 0, third, third, third], 1e-6, "equals");
    }

    [Theory]
    // Fewer tokens than experts, experts without tokens, more tokens than a tile; sizes that are multiples of nothing.
    [InlineData(1, 4, 2, 8, 8)]
    [InlineData(0, 4, 2, 64, 32)]
    [InlineData(3, 8, 3, 64, 48)]
    [InlineData(5, 40, 6, 31, 13)]
    [InlineData(40, 40, 6, 128, 72)]
    [InlineData(70, 3, 1, 40, 200)]
    [InlineData(300, 5, 2, 96, 64)]
    [InlineData(500, 2, 2, 72, 130)]
    public void Experts_agree_over_shapes_types_and_biases(int tokens, int experts, int topK, int hidden, int inner)
    {
        foreach (var (xType, weightType) in ExpertTypes)
            foreach (var (bias, options) in ((bool, ExpertOptions)[])
                [(false, new ExpertOptions()), (true, new ExpertOptions { Activation = GatedActivation.SwigluOss, Limit = 0.8f }),
                 (true, new ExpertOptions { Activation = GatedActivation.GeluTanh, WeightInput = true }), (false, new ExpertOptions { Activation = GatedActivation.Gelu })])
            {
                var random = (int count, int seed, float scale) => Numbers.Rounded(Numbers.Random(count, seed, scale), weightType);
                // The last expert is never chosen where there are more than a token can use.
                var logits = Numbers.Random(tokens * experts, 1);
                for (var t = 0; t < tokens && experts > topK; t++) logits[t * experts + experts - 1] = -10;
                var routing = Ops.RouteExperts(Upload(logits, DType.Float32, tokens, experts), default, new RoutingOptions { TopK = topK, Renormalize = true });
                var (chosen, weights) = (DownloadInts(routing.Experts), Download(routing.Weights));

                var stride = hidden + 8;
                var x = Numbers.Rounded(Numbers.Random(tokens * stride, 2), xType);
                var scale = 2 / MathF.Sqrt(hidden);
                var (gateUp, gateUpBias) = (random(experts * 2 * inner * hidden, 3, scale), bias ? Numbers.Random(experts * 2 * inner, 4, 0.5f) : null);
                var (down, downBias) = (random(experts * hidden * inner, 5, 2 / MathF.Sqrt(inner)), bias ? Numbers.Random(experts * hidden, 6, 0.5f) : null);
                var activated = Ops.ExpertGateUp(Upload(x, xType, tokens, stride).Slice(1, 8, hidden), Upload(gateUp, weightType, experts, 2 * inner, hidden),
                    gateUpBias is null ? default : Upload(gateUpBias, DType.Float32, experts, 2 * inner), routing, options);
                var output = Ops.ExpertDown(activated, Upload(down, weightType, experts, hidden, inner), downBias is null ? default : Upload(downBias, DType.Float32, experts, hidden), routing);
                var combined = Ops.CombineExperts(output, routing, weighted: !options.WeightInput);

                // Each step against what the one before really gave, so that errors do not add up.
                var (pairs, given, wide) = (DownloadInts(routing.Pairs), Download(activated), Download(output));
                var (expectedInner, expectedOuter, expectedSum) = (new double[given.Length], new double[wide.Length], new double[tokens * hidden]);
                for (var r = 0; r < pairs.Length; r++)
                {
                    var (pair, e) = (pairs[r], chosen[pairs[r]]);
                    var row = x.AsSpan(pair / topK * stride + 8, hidden);
                    var factor = options.WeightInput ? weights[pair] : 1;
                    for (var i = 0; i < inner; i++)
                    {
                        var (g, u) = (e * 2 * inner + i, e * 2 * inner + inner + i);
                        var gate = factor * Dot(row, gateUp.AsSpan(g * hidden, hidden)) + (gateUpBias?[g] ?? 0);
                        var up = factor * Dot(row, gateUp.AsSpan(u * hidden, hidden)) + (gateUpBias?[u] ?? 0);
                        expectedInner[r * inner + i] = Reference.GatedUnit(gate, up, options.Activation, options.Limit);
                    }
                    for (var h = 0; h < hidden; h++)
                        expectedOuter[pair * hidden + h] = Dot(given.AsSpan(r * inner, inner), down.AsSpan((e * hidden + h) * inner, inner)) + (downBias?[e * hidden + h] ?? 0);
                }
                for (var i = 0; i < wide.Length; i++)
                    expectedSum[i / hidden / topK * hidden + i % hidden] += wide[i] * (options.WeightInput ? 1 : weights[i / hidden]);
                var what = $"{xType}·{weightType} {tokens} tokens, {topK} of {experts} experts, {hidden}x{inner}, bias {bias}, {options}";
                AssertClose(given, expectedInner, Tolerance(xType), $"gate and up: {what}");
                AssertClose(wide, expectedOuter, Tolerance(DType.Float32), $"down: {what}");
                AssertClose(Download(combined), expectedSum, Tolerance(DType.Float32), $"sum: {what}");
                Assert.Equal((xType, DType.Float32, DType.Float32), (activated.DType, output.DType, combined.DType));
            }
    }

    [Fact]
    public void A_tokens_experts_give_the_same_bits_whatever_else_is_in_the_batch()
    {
        foreach (var (xType, weightType) in ExpertTypes)
        {
            var (tokens, experts, topK, hidden, inner) = (200, 8, 2, 96, 64);
            var x = Numbers.Random(tokens * hidden, 1);
            var logits = Numbers.Random(tokens * experts, 2);
            var gateUp = Upload(Numbers.Random(experts * 2 * inner * hidden, 3, 0.2f), weightType, experts, 2 * inner, hidden);
            var down = Upload(Numbers.Random(experts * hidden * inner, 4, 0.2f), weightType, experts, hidden, inner);
            float[] Run(int first, int count)
            {
                var routing = Ops.RouteExperts(Upload(logits[(first * experts)..((first + count) * experts)], DType.Float32, count, experts), default, new RoutingOptions { TopK = topK });
                var activated = Ops.ExpertGateUp(Upload(x[(first * hidden)..((first + count) * hidden)], xType, count, hidden), gateUp, default, routing, new ExpertOptions());
                return Download(Ops.CombineExperts(Ops.ExpertDown(activated, down, default, routing), routing));
            }
            var whole = Run(0, tokens);
            foreach (var (first, count) in ((int, int)[])[(0, 1), (7, 1), (199, 1), (20, 5), (50, 64)])
                Assert.Equal(whole.AsSpan(first * hidden, count * hidden).ToArray(), Run(first, count));
        }
    }

    private static void CheckChoice(Span<int> chosen, Span<float> weights, ReadOnlySpan<float> logits, float[]? correction, RoutingOptions options, string what)
    {
        var (expected, scores, choice) = Reference.Route(logits, correction, options);
        Assert.Equal(chosen.Length, chosen.ToArray().Distinct().Count());
        // Rounding may exchange two that are equal to seven digits, nothing else.
        for (var k = 0; k < chosen.Length; k++)
            Assert.True(chosen[k] == expected[k] || Math.Abs(choice[chosen[k]] - choice[expected[k]]) < 3e-7, $"{what}: expert {k} is {chosen[k]}, expected {expected[k]}");
        var sum = 0.0;
        foreach (var e in chosen) sum += scores[e];
        AssertClose(weights, [.. chosen.ToArray().Select(e => scores[e] / (options.Renormalize ? sum : 1) * options.Scale)], 2e-6, what);
    }

    private void CheckPairs(in ExpertRouting routing, int[] chosen, int experts)
    {
        var expected = Enumerable.Range(0, chosen.Length).OrderBy(p => chosen[p]).ToArray();
        Assert.Equal(expected, DownloadInts(routing.Pairs));
        Assert.Equal(Enumerable.Range(0, experts + 1).Select(e => chosen.Count(c => c < e)), DownloadInts(routing.Starts));
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += (double)a[i] * b[i];
        return sum;
    }
}
