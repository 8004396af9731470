using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>Writes a mark (▁) for each space and perhaps one in front, then cuts before each mark.</summary>
internal sealed class MetaspacePreTokenizer(int replacement, PrependScheme scheme, bool split) : PreTokenizer
{
    public override void Apply(PieceList pieces)
    {
        Span<byte> buffer = stackalloc byte[4];
        ReadOnlySpan<byte> mark = buffer[..Utf8.Encode(replacement, buffer)];
        var to = pieces.Rewritten;
        for (var i = 0; i < pieces.Count; i++)
        {
            var text = pieces.TextOf(i);
            var start = to.Length;
            var marked = text[0] == ' ' || text.StartsWith(mark);
            if (!marked && (scheme == PrependScheme.Always || (scheme == PrependScheme.First && i == 0 && pieces.AtStart))) to.Append(mark);
            for (int at = 0, found; ; at += found + 1)
            {
                found = text[at..].IndexOf((byte)' ');
                if (found < 0)
                {
                    to.Append(text[at..]);
                    break;
                }
                to.Append(text.Slice(at, found));
                to.Append(mark);
            }
            if (!split)
            {
                pieces.Add(start, to.Length);
                continue;
            }
            var written = to.Span[start..];
            var splitter = new PieceSplitter(pieces, new Piece(start, to.Length), SplitBehavior.MergedWithNext);
            for (int at = 0, found; (found = written[at..].IndexOf(mark)) >= 0; at += found + mark.Length)
                splitter.Match(at + found, at + found + mark.Length);
            splitter.Finish();
        }
        pieces.CommitText();
    }
}
