namespace SglNative.Tokenizers.AddedTokens;

/// <summary>A stretch of text: an added token, or text for the model (Id -1).</summary>
internal readonly record struct AddedMatch(int Start, int End, int Id);
