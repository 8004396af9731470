using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>Splits at each character of a class: Digits, Punctuation, WhitespaceSplit, CharDelimiterSplit.</summary>
internal sealed class CharacterSplit(CodePointSet delimiters, SplitBehavior behavior) : PreTokenizer
{
    public override void Apply(PieceList pieces)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            var text = pieces.TextOf(i);
            var splitter = new PieceSplitter(pieces, pieces[i], behavior);
            for (int at = 0, length; at < text.Length; at += length)
                if (delimiters.Contains(Utf8.Decode(text, at, out length))) splitter.Match(at, at + length);
            splitter.Finish();
        }
        pieces.Commit();
    }
}
