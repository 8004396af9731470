using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>FixedLength: chunks of so many code points.</summary>
internal sealed class FixedLengthSplit(int length) : PreTokenizer
{
    public override void Apply(PieceList pieces)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            var text = pieces.TextOf(i);
            var (offset, start, count) = (pieces[i].Start, 0, 0);
            for (var at = 0; at < text.Length;)
            {
                at += Utf8.LengthOf(text[at]);
                if (++count % length != 0) continue;
                pieces.Add(offset + start, offset + at);
                start = at;
            }
            pieces.Add(offset + start, offset + text.Length);
        }
        pieces.Commit();
    }
}
