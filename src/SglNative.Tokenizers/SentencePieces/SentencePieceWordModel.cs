using SglNative.Tokenizers.Models;
using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.SentencePieces;

/// <summary>SentencePiece's two models that do not search: each word is a piece, or each character (or user-defined piece).</summary>
internal sealed class SentencePieceWordModel(Vocabulary vocabulary, SentencePieceFile file, PieceMatcher userDefined) : TokenModel(vocabulary)
{
    private readonly UnknownPieces _unknown = new(vocabulary, file);

    public override void Encode(ReadOnlySpan<byte> piece, TokenSink sink)
    {
        var afterUnknown = false;
        for (int at = 0, length; at < piece.Length; at += length)
        {
            length = file.Kind == SentencePieceKind.Word ? WordAt(piece[at..]) : Math.Max(userDefined.LongestAt(piece[at..]), 0);
            if (length == 0) length = Utf8.LengthOf(piece[at]);
            var text = piece.Slice(at, length);
            _unknown.Emit(text, Vocabulary.IdOf(text), sink, ref afterUnknown);
        }
    }

    private static int WordAt(ReadOnlySpan<byte> text)
    {
        var first = Utf8.LengthOf(text[0]);
        var next = text[first..].IndexOf("▁"u8);
        return next < 0 ? text.Length : first + next;
    }
}
