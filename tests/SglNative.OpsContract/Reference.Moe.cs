using SglNative.Models.Operations;

namespace SglNative.OpsContract;

public static partial class Reference
{
    /// <summary>The experts of one token, best first, by sorting; the scores of all, and what the choice goes by.</summary>
    public static (int[] Experts, double[] Scores, double[] Choice) Route(ReadOnlySpan<float> logits, float[]? correction, RoutingOptions options)
    {
        var scores = new double[logits.Length];
        var max = double.NegativeInfinity;
        foreach (var logit in logits) max = Math.Max(max, logit);
        for (var e = 0; e < scores.Length; e++)
            scores[e] = options.Scoring == ExpertScoring.Sigmoid ? 1 / (1 + Math.Exp(-logits[e])) : Math.Exp(logits[e] - max);
        if (options.Scoring == ExpertScoring.Softmax)
        {
            var total = scores.Sum();
            for (var e = 0; e < scores.Length; e++) scores[e] /= total;
        }
        var choice = scores.Select((score, e) => score + (correction?[e] ?? 0)).ToArray();
        var size = scores.Length / options.Groups;
        var groups = Enumerable.Range(0, options.Groups)
            .OrderByDescending(g => choice.Skip(g * size).Take(size).OrderDescending().Take(options.GroupScoreCount).Sum()).Take(options.TopGroups).ToHashSet();
        // OrderByDescending is stable: equals stay in the order of their indices.
        var experts = Enumerable.Range(0, scores.Length).Where(e => groups.Contains(e / size)).OrderByDescending(e => choice[e]).Take(options.TopK).ToArray();
        return (experts, scores, choice);
    }

    /// <summary>act(gate) · up with the limit applied first.</summary>
    public static double GatedUnit(double gate, double up, GatedActivation activation, double limit)
    {
        if (limit > 0) (gate, up) = (Math.Min(gate, limit), Math.Clamp(up, -limit, limit));
        return activation == GatedActivation.SwigluOss ? gate / (1 + Math.Exp(-1.702 * gate)) * (up + 1) : Activate(gate, activation) * up;
    }

    public static double[] LayerNorm(ReadOnlySpan<float> x, float[]? weight, float[]? bias, double eps, int width)
    {
        var result = new double[x.Length];
        for (var row = 0; row < x.Length; row += width)
        {
            var (mean, variance) = (0.0, 0.0);
            for (var i = 0; i < width; i++) mean += (double)x[row + i] / width;
            for (var i = 0; i < width; i++) variance += (x[row + i] - mean) * (x[row + i] - mean) / width;
            for (var i = 0; i < width; i++) result[row + i] = (x[row + i] - mean) / Math.Sqrt(variance + eps) * (weight?[i] ?? 1) + (bias?[i] ?? 0);
        }
        return result;
    }
}
