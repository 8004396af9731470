using SglNative.Models.Operations;

namespace SglNative.Engine.Benchmarking;

/// <summary>The experts that a router's logits choose for one token, and how near the next choice was.</summary>
internal sealed class ExpertChoice
{
    private readonly RoutingOptions _routing;
    private readonly int _groupSize;
    // What experts and groups are ranked by, and how fast a logit moves it.
    private readonly double[] _scores;
    private readonly double[] _slopes;
    private readonly int[] _groups;
    private readonly int[] _ranked;

    public ExpertChoice(ReadOnlySpan<float> logits, ReadOnlySpan<float> correction, RoutingOptions routing)
    {
        _routing = routing;
        _groupSize = logits.Length / routing.Groups;
        (_scores, _slopes) = Score(logits, correction, routing);
        double sum = 0, squares = 0;
        foreach (var logit in logits) sum += logit;
        foreach (var logit in logits) squares += (logit - sum / logits.Length) * (logit - sum / logits.Length);
        Variance = squares / logits.Length;
        _groups = [.. Enumerable.Range(0, routing.Groups).OrderByDescending(group => Best(group).Sum(e => _scores[e]))];
        _ranked = Rank(_groups.Take(routing.TopGroups));
    }

    /// <summary>Variance of the token's logits over the experts.</summary>
    public double Variance { get; }

    /// <summary>The chosen experts, best first.</summary>
    public IEnumerable<int> Experts => _ranked.Take(_routing.TopK);

    /// <summary>The change of this choice that takes least: two experts, and how far their logits are apart; null where there is no other choice.</summary>
    public (int Taken, int Left, double Gap)? Nearest()
    {
        (int Taken, int Left, double Gap)? nearest = null;
        if (_ranked.Length > _routing.TopK)
        {
            var (taken, left) = (_ranked[_routing.TopK - 1], _ranked[_routing.TopK]);
            nearest = (taken, left, Gap([taken], [left]));
        }
        if (_routing.TopGroups == _routing.Groups) return nearest;
        // The best group that was left out in place of the worst that was not.
        var others = Rank(_groups.Take(_routing.TopGroups - 1).Append(_groups[_routing.TopGroups])).Take(_routing.TopK).ToArray();
        if (Experts.Except(others).ToArray() is not [var lost, ..]) return nearest;
        var gap = Gap(Best(_groups[_routing.TopGroups - 1]), Best(_groups[_routing.TopGroups]));
        return nearest?.Gap <= gap ? nearest : (lost, others.Except(Experts).First(), gap);
    }

    private int[] Rank(IEnumerable<int> groups) =>
        [.. groups.SelectMany(group => Enumerable.Range(group * _groupSize, _groupSize)).Order().OrderByDescending(e => _scores[e])];

    // The experts whose scores are a group's.
    private int[] Best(int group) =>
        [.. Enumerable.Range(group * _groupSize, _groupSize).OrderByDescending(e => _scores[e]).Take(_routing.GroupScoreCount)];

    // If all logits on one side fall and those on the other rise by half of the gap, the sums are equal: to first order.
    private double Gap(int[] taken, int[] left)
    {
        var margin = taken.Sum(e => _scores[e]) - left.Sum(e => _scores[e]);
        return margin <= 0 ? 0 : 2 * margin / (taken.Sum(e => _slopes[e]) + left.Sum(e => _slopes[e]));
    }

    private static (double[] Scores, double[] Slopes) Score(ReadOnlySpan<float> logits, ReadOnlySpan<float> correction, RoutingOptions routing)
    {
        var (scores, slopes) = (new double[logits.Length], new double[logits.Length]);
        double largest = double.NegativeInfinity, total = 0;
        foreach (var logit in logits) largest = Math.Max(largest, logit);
        foreach (var logit in logits) total += Math.Exp(logit - largest);
        // Scores rise with their logits: without sums and corrections the logits' order is theirs.
        var plain = correction.IsEmpty && routing.GroupScoreCount == 1;
        for (var e = 0; e < logits.Length; e++)
        {
            var score = routing.Scoring == ExpertScoring.Sigmoid ? 1 / (1 + Math.Exp(-logits[e])) : Math.Exp(logits[e] - largest) / total;
            (scores[e], slopes[e]) = plain ? (logits[e], 1) : (score + (correction.IsEmpty ? 0 : correction[e]), score * (1 - score));
        }
        return (scores, slopes);
    }
}
