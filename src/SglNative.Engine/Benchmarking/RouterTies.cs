namespace SglNative.Engine.Benchmarking;

/// <summary>The choices of routers that were nearest to being others, token by token.</summary>
internal sealed class RouterTies
{
    private readonly Dictionary<(int Prompt, int Position), List<Choice>> _choices = [];
    private readonly Dictionary<string, (double Variances, int Tokens)> _routers = new(StringComparer.Ordinal);

    /// <summary>Keeps what <paramref name="router"/> chose for one token.</summary>
    /// <param name="router">Path of the router's module.</param>
    /// <param name="prompt">The prompt's number in the reference.</param>
    /// <param name="position">The token's position.</param>
    /// <param name="nearest">See <see cref="ExpertChoice.Nearest"/>.</param>
    /// <param name="variance">See <see cref="ExpertChoice.Variance"/>.</param>
    public void Add(string router, int prompt, int position, (int Taken, int Left, double Gap) nearest, double variance)
    {
        var (variances, tokens) = _routers.GetValueOrDefault(router);
        _routers[router] = (variances + variance, tokens + 1);
        if (!_choices.TryGetValue((prompt, position), out var choices)) _choices.Add((prompt, position), choices = []);
        choices.Add(new(router, nearest.Taken, nearest.Left, nearest.Gap));
    }

    /// <summary>
    /// What may have moved a position's logits, when all choices are known: a tie of its own token, or else the nearest one of those before
    /// it, which it sees through the cache. Null where no router was within <paramref name="nearTie"/> of another choice.
    /// </summary>
    public RouterTie? Explain(int prompt, int position, double nearTie)
    {
        if (Nearest(prompt, position) is { } own && own.Gap <= nearTie) return own;
        RouterTie? best = null;
        for (var p = 0; p < position; p++)
            if (Nearest(prompt, p) is { } tie && tie.Gap <= nearTie && !(best?.Gap <= tie.Gap)) best = tie;
        return best;
    }

    private RouterTie? Nearest(int prompt, int position) => !_choices.TryGetValue((prompt, position), out var choices)
        ? null
        : choices.Select(choice => new RouterTie(choice.Router, prompt, position, choice.Taken, choice.Left, choice.Gap / Deviation(choice.Router))).MinBy(tie => tie.Gap);

    private double Deviation(string router)
    {
        var (variances, tokens) = _routers[router];
        return Math.Sqrt(variances / tokens);
    }

    // The gap in logits.
    private readonly record struct Choice(string Router, int Taken, int Left, double Gap);
}
