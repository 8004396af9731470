namespace SglNative.Engine.Scheduling;

/// <summary>
/// Fills what the decode tokens leave of a step with prompts: first those begun in an earlier step, then waiting ones in the
/// order of their arrival, as long as their pages, and those that running sequences will probably still need, are free.
/// </summary>
internal sealed class PrefillPlanner(RunningSet set, SchedulingLimits limits)
{
    public void Plan(StepPlan plan)
    {
        for (var i = 0; i < set.Running.Count && plan.TokenCount < limits.MaxStepTokens; i++)
        {
            var sequence = set.Running[i];
            if (sequence.Length - sequence.Computed > 1) AddChunk(plan, sequence);
        }
        while (plan.TokenCount < limits.MaxStepTokens && set.Running.Count < limits.MaxRunning && CanAdmit()) AddChunk(plan, set.Admit());
    }

    private void AddChunk(StepPlan plan, Sequence sequence)
    {
        var tokens = Math.Min(sequence.Length - sequence.Computed, limits.MaxStepTokens - plan.TokenCount);
        if (set.TryReserve(sequence, sequence.Computed + tokens)) plan.Add(sequence, tokens);
    }

    private bool CanAdmit()
    {
        if (set.NextWaiting is not { } next || !set.HasStateRoom) return false;
        var pages = set.Pages;
        if (set.Running.Count == 0) return true;
        var needed = Expected(next);
        foreach (var sequence in set.Running) needed += Math.Max(0, Expected(sequence) - sequence.Pages.Count);
        return needed <= pages.Free;

        int Expected(Sequence sequence)
        {
            var remaining = sequence.Options.MaxNewTokens - sequence.Generated;
            return pages.PagesFor(sequence.Length + Math.Max(1, (int)(remaining * limits.NewTokenRatio)));
        }
    }
}
