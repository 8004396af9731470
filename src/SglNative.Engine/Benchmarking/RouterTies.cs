namespace SglNative.Engine.Benchmarking;

/// <summary>The router's choice of each token of a reference that was nearest to being another.</summary>
internal sealed class RouterTies
{
    private readonly Dictionary<(int Prompt, int Position), RouterTie> _nearest = [];

    public void Add(RouterTie tie)
    {
        var token = (tie.Prompt, tie.Position);
        if (!_nearest.TryGetValue(token, out var known) || tie.Gap < known.Gap) _nearest[token] = tie;
    }

    /// <summary>
    /// What may have moved a position's logits: a tie of its own token, or else the nearest one of those before it, which it sees through
    /// the cache. Null where no router was within <paramref name="nearTie"/> of another choice.
    /// </summary>
    public RouterTie? Explain(int prompt, int position, double nearTie)
    {
        if (_nearest.TryGetValue((prompt, position), out var own) && own.Gap <= nearTie) return own;
        RouterTie? best = null;
        for (var p = 0; p < position; p++)
            if (_nearest.TryGetValue((prompt, p), out var tie) && tie.Gap <= nearTie && !(best?.Gap <= tie.Gap)) best = tie;
        return best;
    }
}
