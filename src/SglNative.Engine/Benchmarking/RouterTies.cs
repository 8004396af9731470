namespace SglNative.Engine.Benchmarking;

/// <summary>The choices of routers that were nearest to being others, token by token.</summary>
internal sealed class RouterTies
{
    private readonly Dictionary<(int Prompt, int Position), List<RouterTie>> _ties = [];
    private readonly Dictionary<string, (double Variances, int Tokens)> _routers = new(StringComparer.Ordinal);

    /// <summary>Keeps one choice.</summary>
    /// <param name="tie">The choice; its gap still in logits.</param>
    /// <param name="variance">Of the token's logits over the experts.</param>
    public void Add(in RouterTie tie, double variance)
    {
        var (variances, tokens) = _routers.GetValueOrDefault(tie.Router);
        _routers[tie.Router] = (variances + variance, tokens + 1);
        if (!_ties.TryGetValue((tie.Prompt, tie.Position), out var ties)) _ties.Add((tie.Prompt, tie.Position), ties = []);
        ties.Add(tie);
    }

    /// <summary>
    /// What may have moved a position's logits, when all are known: a tie of its own token, or else the nearest one of those before it, which
    /// it sees through the cache. Null where no router was within <paramref name="nearTie"/> of another choice.
    /// </summary>
    public RouterTie? Explain(int prompt, int position, double nearTie)
    {
        if (Nearest(prompt, position) is { } own && own.Gap <= nearTie) return own;
        RouterTie? best = null;
        for (var p = 0; p < position; p++)
            if (Nearest(prompt, p) is { } tie && tie.Gap <= nearTie && !(best?.Gap <= tie.Gap)) best = tie;
        return best;
    }

    private RouterTie? Nearest(int prompt, int position)
    {
        if (!_ties.TryGetValue((prompt, position), out var ties)) return null;
        return ties.Select(tie => tie with { Gap = tie.Gap / Deviation(tie.Router) }).MinBy(tie => tie.Gap);
    }

    private double Deviation(string router)
    {
        var (variances, tokens) = _routers[router];
        return Math.Sqrt(variances / tokens);
    }
}
