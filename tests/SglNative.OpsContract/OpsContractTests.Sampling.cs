using SglNative.Core.Tensors;
using SglNative.Models.Operations;

namespace SglNative.OpsContract;

public abstract partial class OpsContractTests
{
    [Fact]
    public void Edits_change_their_logits_only_penalty_first_then_bias()
    {
        var logits = Numbers.Random(3 * 50, 1, 4);
        var tensor = Upload(logits, DType.Float32, 3, 50);
        int[] rows = [0, 2, 2, 1];
        int[] tokens = [49, 0, 7, 25];
        float[] repetition = [1.5f, 1.5f, 1, 2];
        float[] bias = [0, 1, float.NegativeInfinity, -0.25f];
        Ops.EditLogits(tensor, new LogitEdits(UploadInts(rows), UploadInts(tokens), Upload(repetition, DType.Float32, 4), Upload(bias, DType.Float32, 4)));
        for (var e = 0; e < 4; e++)
        {
            ref var logit = ref logits[rows[e] * 50 + tokens[e]];
            logit = (logit > 0 ? logit / repetition[e] : logit * repetition[e]) + bias[e];
        }
        var actual = Download(tensor);
        for (var i = 0; i < logits.Length; i++)
            Assert.True(actual[i] == logits[i] || Math.Abs(actual[i] - logits[i]) <= 1e-6f, $"logit {i} is {actual[i]}, expected {logits[i]}");
    }

    [Fact]
    public void Greedy_rows_take_the_first_of_the_largest()
    {
        foreach (var vocabulary in (int[])[1, 7, 64, 1000, 128_256])
        {
            var logits = Numbers.Random(4 * vocabulary, vocabulary);
            // Ties: the largest twice in row 1, everything equal in row 2, all but one forbidden in row 3.
            logits[vocabulary + vocabulary / 3] = logits[vocabulary + vocabulary - 1] = 2;
            logits.AsSpan(2 * vocabulary, vocabulary).Fill(-3);
            logits.AsSpan(3 * vocabulary, vocabulary).Fill(float.NegativeInfinity);
            logits[3 * vocabulary + vocabulary / 2] = -50;
            var tensor = Upload(logits, DType.Float32, 4, vocabulary);
            var first = logits.AsSpan(0, vocabulary).ToArray();
            int[] expected = [Array.IndexOf(first, first.Max()), vocabulary / 3, 0, vocabulary / 2];
            Assert.Equal(expected, DownloadInts(Ops.Sample(tensor, Inputs(4, 0, 0, 1, 0, i => i) with { AllGreedy = true })));
            Assert.Equal(expected, DownloadInts(Ops.Sample(tensor, Inputs(4, 0, 3, 0.5f, 0.1f, i => i))));
        }
    }

    [Theory]
    [InlineData(1f, 0, 1f, 0f)]
    [InlineData(0.7f, 0, 1f, 0f)]
    [InlineData(1.3f, 5, 1f, 0f)]
    [InlineData(1f, 1, 1f, 0f)]
    [InlineData(1f, 0, 0.9f, 0f)]
    [InlineData(1f, 0, 0.05f, 0f)]
    [InlineData(1f, 0, 1f, 0.2f)]
    [InlineData(1f, 0, 1f, 1f)]
    [InlineData(0.9f, 40, 0.95f, 0.02f)]
    [InlineData(2f, 1000, 0.5f, 0.001f)]
    public void A_draw_is_the_largest_perturbed_logit_of_the_allowed_set(float temperature, int topK, float topP, float minP)
    {
        const int rows = 24;
        foreach (var vocabulary in (int[])[5, 333, 20_011])
        {
            var logits = Numbers.Random(rows * vocabulary, vocabulary, 6);
            var tokens = DownloadInts(Ops.Sample(Upload(logits, DType.Float32, rows, vocabulary), Inputs(rows, temperature, topK, topP, minP, i => i * 7919L - 5)));
            for (var row = 0; row < rows; row++)
            {
                var own = logits.AsSpan(row * vocabulary, vocabulary).ToArray();
                // A bound that falls within rounding of a probability may go either way; the draw must be right for one of them.
                var sets = ((double[])[0, 1e-5, -1e-5]).Select(slack => Reference.Allowed(own, temperature, topK, topP, minP, slack));
                double Perturbed(int i) => own[i] / temperature + Ops.GumbelNoise(row * 7919L - 5, row + 3, i);
                Assert.True(
                    sets.Any(set => set.Contains(tokens[row]) && Perturbed(tokens[row]) >= set.Max(Perturbed) - 1e-4),
                    $"row {row} of {vocabulary} drew {tokens[row]}");
            }
        }
    }

    [Fact]
    public void Values_equal_to_the_last_one_kept_are_kept_too()
    {
        // Three tokens share the second place: top-2 and top-p past the first keep all three, and each must come up.
        float[] logits = [1, 3, 1, 2, 2, 0, 2, -1];
        foreach (var (topK, topP) in ((int, float)[])[(2, 1f), (0, 0.5f)])
        {
            var many = Enumerable.Repeat(logits, 400).SelectMany(l => l).ToArray();
            var tokens = DownloadInts(Ops.Sample(Upload(many, DType.Float32, 400, 8), Inputs(400, 1, topK, topP, 0, i => i)));
            Assert.Equal([1, 3, 4, 6], tokens.Distinct().Order());
        }
    }

    [Fact]
    public void Draws_depend_on_seed_and_position_but_not_on_the_batch()
    {
        var row = Numbers.Random(500, 3, 2);
        var alone = DownloadInts(Ops.Sample(Upload(row, DType.Float32, 1, 500), Inputs(1, 1, 50, 0.9f, 0, _ => 77)));
        var batch = Enumerable.Range(0, 9).SelectMany(i => i == 0 ? row : Numbers.Random(500, i)).ToArray();
        Assert.Equal(alone[0], DownloadInts(Ops.Sample(Upload(batch, DType.Float32, 9, 500), Inputs(9, 1, 50, 0.9f, 0, _ => 77)))[0]);
        var same = Enumerable.Repeat(row, 64).SelectMany(r => r).ToArray();
        Assert.True(DownloadInts(Ops.Sample(Upload(same, DType.Float32, 64, 500), Inputs(64, 1, 0, 1, 0, i => i))).Distinct().Count() > 20);
    }

    [Fact]
    public void Drawn_frequencies_are_the_probabilities()
    {
        float[] logits = [0, 1, 2, 0.5f, -1];
        const int draws = 20_000;
        var many = Enumerable.Repeat(logits, draws).SelectMany(l => l).ToArray();
        var tokens = DownloadInts(Ops.Sample(Upload(many, DType.Float32, draws, 5), Inputs(draws, 1, 0, 1, 0, i => 1234)));
        var total = logits.Sum(l => Math.Exp(l));
        for (var token = 0; token < 5; token++)
        {
            var p = Math.Exp(logits[token]) / total;
            // Five standard deviations: a fixed seed, so it holds always or never.
            Assert.Equal(p, tokens.Count(t => t == token) / (double)draws, 5 * Math.Sqrt(p * (1 - p) / draws));
        }
    }

    [Fact]
    public void Log_probabilities_agree()
    {
        foreach (var vocabulary in (int[])[1, 17, 1000, 128_256])
        {
            var logits = Numbers.Random(3 * vocabulary, vocabulary, 10);
            if (vocabulary > 4) logits[3] = float.NegativeInfinity;
            int[] tokens = [vocabulary - 1, vocabulary / 2, 0];
            var actual = Download(Ops.LogProbs(Upload(logits, DType.Float32, 3, vocabulary), UploadInts(tokens)));
            for (var row = 0; row < 3; row++)
            {
                var own = logits.AsSpan(row * vocabulary, vocabulary);
                Assert.Equal(own[tokens[row]] - Reference.LogSumExp(own), actual[row], 1e-5);
            }
        }
    }

    [Fact]
    public void Top_log_probabilities_are_sorted_with_smaller_ids_first_among_equals()
    {
        foreach (var (vocabulary, k) in ((int, int)[])[(1, 1), (20, 20), (1000, 5), (128_256, 128)])
        {
            // Few distinct values, hence many ties; and some forbidden.
            var logits = Numbers.Random(2 * vocabulary, k).Select(v => v < -0.9f ? float.NegativeInfinity : MathF.Round(v * 40)).ToArray();
            var (ids, values) = Ops.TopLogProbs(Upload(logits, DType.Float32, 2, vocabulary), k);
            var (actualIds, actualValues) = (DownloadInts(ids), Download(values));
            for (var row = 0; row < 2; row++)
            {
                var own = logits.AsSpan(row * vocabulary, vocabulary).ToArray();
                var normalizer = Reference.LogSumExp(own);
                var order = Enumerable.Range(0, vocabulary).OrderByDescending(i => own[i]).Take(k).ToArray();
                Assert.Equal(order, actualIds.AsSpan(row * k, k).ToArray());
                for (var i = 0; i < k; i++) Assert.Equal((float)(own[order[i]] - normalizer), actualValues[row * k + i], 1e-4f);
            }
        }
    }

    private SamplingInputs Inputs(int rows, float temperature, int topK, float topP, float minP, Func<int, long> seed) => new(
        Upload([.. Enumerable.Repeat(temperature, rows)], DType.Float32, rows), UploadInts([.. Enumerable.Repeat(topK, rows)]),
        Upload([.. Enumerable.Repeat(topP, rows)], DType.Float32, rows), Upload([.. Enumerable.Repeat(minP, rows)], DType.Float32, rows),
        UploadLongs([.. Enumerable.Range(0, rows).Select(seed)]), UploadInts([.. Enumerable.Range(3, rows)]), false);
}
