using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>Splits at each occurrence of a fixed, non-empty text.</summary>
internal sealed class LiteralSplit(byte[] literal, SplitBehavior behavior, bool invert) : PreTokenizer
{
    public override void Apply(PieceList pieces)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            var text = pieces.TextOf(i);
            var splitter = new PieceSplitter(pieces, pieces[i], behavior, invert);
            for (int at = 0, found; (found = text[at..].IndexOf(literal)) >= 0; at += found + literal.Length)
                splitter.Match(at + found, at + found + literal.Length);
            splitter.Finish();
        }
        pieces.Commit();
    }
}
