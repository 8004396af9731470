using SglNative.Core;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.Models;

/// <summary>A piece is a token or unknown.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, string unknown) : TokenModel(vocabulary)
{
    private readonly int _unknown = vocabulary.IdOf(unknown);

    public override void Encode(ReadOnlySpan<byte> piece, TokenSink sink)
    {
        var id = Vocabulary.IdOf(piece);
        if (id < 0) id = _unknown;
        if (id < 0) throw new SglException($"WordLevel: the text has an unknown word and unk_token \"{unknown.ReplaceLineEndings(" ")}\" is not in the vocabulary");
        sink.Add(id, piece.Length);
    }
}
