using SglNative.Tokenizers.Regexes;
using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>Splits at the matches of a pattern, or between them when inverted.</summary>
internal sealed class RegexSplit(Regex regex, SplitBehavior behavior, bool invert) : PreTokenizer
{
    public Regex Regex => regex;

    public SplitBehavior Behavior => behavior;

    public bool Invert => invert;

    public override void Apply(PieceList pieces)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            var sink = new Boxed(new PieceSplitter(pieces, pieces[i], behavior, invert));
            regex.FindAll(pieces.TextOf(i), sink);
            sink.Splitter.Finish();
        }
        pieces.Commit();
    }

    private sealed class Boxed(PieceSplitter splitter) : IRegexSink
    {
        public PieceSplitter Splitter = splitter;

        public void Match(int start, int end) => Splitter.Match(start, end);
    }
}
