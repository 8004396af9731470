namespace SglNative.Tokenizers.AddedTokens;

/// <summary>A token beside the model's, found in the text before the model sees it.</summary>
/// <param name="Content">The text it is found by.</param>
/// <param name="SingleWord">Only where no word character touches it.</param>
/// <param name="LeftStrip">Takes the white space before it along.</param>
/// <param name="RightStrip">Takes the white space behind it along.</param>
/// <param name="Normalized">Looked for in the normalized text, in its own normalized form.</param>
/// <param name="Special">Left out when decoding without special tokens.</param>
internal sealed record AddedToken(
    string Content, bool SingleWord = false, bool LeftStrip = false, bool RightStrip = false, bool Normalized = true, bool Special = false);
