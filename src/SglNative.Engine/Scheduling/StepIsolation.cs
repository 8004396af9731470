namespace SglNative.Engine.Scheduling;

/// <summary>
/// Finds those for whom a step fails. The sequences of a failed step are computed again in halves, and halves of halves, until one
/// that fails is alone; the others get the tokens that they would have got. While it is active nothing else is planned.
/// <para>
/// Keys, values and latents of a position are the same whenever they are written, so that a step may run again on what a failed one
/// left. A recurrent or convolution state is not: a sequence that has one, and had begun, starts from its first token.
/// </para>
/// </summary>
/// <param name="maxStepTokens">The most tokens of a step.</param>
/// <param name="hasStates">Whether the model keeps states of fixed size.</param>
internal sealed class StepIsolation(int maxStepTokens, bool hasStates)
{
    // The part on top is planned next.
    private readonly Stack<List<Member>> _parts = new();

    public bool IsActive => _parts.Count > 0;

    /// <summary>Takes the sequences of a step that failed apart. They hold the pages of all that the step was to compute.</summary>
    public void Split(StepPlan failed)
    {
        var members = failed.Entries.ConvertAll(entry => new Member(entry.Sequence, entry.End));
        foreach (var member in members)
        {
            Remove(member.Sequence);
            if (hasStates) member.Sequence.Computed = 0;
        }
        var half = (members.Count + 1) / 2;
        if (members.Count > half) _parts.Push(members[half..]);
        _parts.Push(members[..half]);
    }

    /// <summary>Plans the next part: what its sequences lack of the failed step, and of the tokens before it where they start anew.</summary>
    public void Plan(StepPlan plan)
    {
        foreach (var (sequence, target) in _parts.Peek())
        {
            var tokens = Math.Min(target - sequence.Computed, maxStepTokens - plan.TokenCount);
            if (tokens > 0) plan.Add(sequence, tokens);
        }
    }

    /// <summary>A planned step succeeded: who is where the failed one would have brought him is free.</summary>
    public void Advance()
    {
        if (!IsActive) return;
        _parts.Peek().RemoveAll(static member => member.Sequence.Computed >= member.Target);
        DropEmpty();
    }

    /// <summary>Forgets a sequence that has ended.</summary>
    public void Remove(Sequence sequence)
    {
        foreach (var part in _parts) part.RemoveAll(member => member.Sequence == sequence);
        DropEmpty();
    }

    public void Clear() => _parts.Clear();

    private void DropEmpty()
    {
        while (_parts.TryPeek(out var top) && top.Count == 0) _parts.Pop();
    }

    /// <summary>A sequence and how many of its tokens the failed step was to have computed.</summary>
    private readonly record struct Member(Sequence Sequence, int Target);
}
