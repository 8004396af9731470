namespace SglNative.Engine.Generation;

/// <summary>A token and its natural-log probability under the model, before temperature, penalties and filters.</summary>
/// <param name="TokenId">The token.</param>
/// <param name="LogProb">Its log probability; null for the first token of a prompt, which has none.</param>
public readonly record struct TokenLogProb(int TokenId, float? LogProb);

/// <summary>What is known of one position: the token that stands there and the most probable ones.</summary>
/// <param name="Token">The token of the sequence.</param>
/// <param name="Top">The most probable tokens, most probable first; empty where none were asked for.</param>
public sealed record PositionLogProbs(TokenLogProb Token, IReadOnlyList<TokenLogProb> Top);
