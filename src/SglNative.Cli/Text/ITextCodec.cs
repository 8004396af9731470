namespace SglNative.Cli.Text;

/// <summary>A tokenizer as the text commands need it.</summary>
internal interface ITextCodec
{
    /// <summary>The ids of a text, with or without those that the tokenizer adds around it.</summary>
    IReadOnlyList<int> Encode(string text, bool addSpecialTokens);

    /// <summary>The text of ids, with or without special tokens in it.</summary>
    /// <exception cref="Core.SglException">An id is outside the vocabulary.</exception>
    string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens);
}
