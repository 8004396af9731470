namespace SglNative.Engine.Scheduling;

/// <summary>How much may run at once.</summary>
/// <param name="MaxRunning">Sequences that hold cache pages at once.</param>
/// <param name="MaxStepTokens">Tokens of one step; longer prompts are computed in chunks of it (<c>--chunked-prefill-size</c>).</param>
/// <param name="NewTokenRatio">The share of a sequence's remaining tokens for which admission keeps pages free; scaled by <c>--schedule-conservativeness</c>.</param>
internal sealed record SchedulingLimits(int MaxRunning, int MaxStepTokens, double NewTokenRatio);
