using SglNative.Engine.Generation;

namespace SglNative.Engine.Scheduling;

/// <summary>What the scheduler tells a sequence's reader: a token, its end, or both.</summary>
/// <param name="Token">The drawn token; -1 where the event only ends the sequence.</param>
/// <param name="LogProbs">The token's log probabilities; null unless asked for.</param>
/// <param name="PromptLogProbs">Those of the prompt, with the first token; null unless asked for.</param>
/// <param name="Finish">Set on the last event.</param>
/// <param name="Retractions">How often the sequence was set back so far.</param>
internal readonly record struct SequenceEvent(
    int Token, PositionLogProbs? LogProbs, IReadOnlyList<PositionLogProbs>? PromptLogProbs, FinishReason? Finish, int Retractions);
