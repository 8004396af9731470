using SglNative.Core;
using SglNative.Tokenizers;

namespace SglNative.Cli.Text;

/// <summary>The tokenizer in a folder or file.</summary>
internal sealed class TokenizerCodec(HfTokenizer tokenizer) : ITextCodec
{
    public static ITextCodec Load(string directoryOrFile) => new TokenizerCodec(HfTokenizer.Load(directoryOrFile));

    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens) => tokenizer.EncodeToIds(text, addSpecialTokens);

    public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens)
    {
        foreach (var id in ids)
            if (tokenizer.IdToToken(id) is null) throw new SglException($"the tokenizer has no token {id}; its ids are below {tokenizer.IdLimit}");
        return tokenizer.Decode(ids, skipSpecialTokens);
    }
}
