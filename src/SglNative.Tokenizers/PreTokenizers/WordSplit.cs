using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>Whitespace: keeps runs of word characters and runs of what is neither word nor white space.</summary>
internal sealed class WordSplit : PreTokenizer
{
    public override void Apply(PieceList pieces)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            var text = pieces.TextOf(i);
            var (offset, start, kind) = (pieces[i].Start, 0, 0);
            for (int at = 0, length; at < text.Length; at += length)
            {
                var next = KindOf(Utf8.Decode(text, at, out length));
                if (next == kind) continue;
                if (kind != 0) pieces.Add(offset + start, offset + at);
                (start, kind) = (at, next);
            }
            if (kind != 0) pieces.Add(offset + start, offset + text.Length);
        }
        pieces.Commit();
    }

    private static int KindOf(int codePoint) =>
        CharacterClasses.RustWord.Contains(codePoint) ? 1 : CharacterClasses.WhiteSpace.Contains(codePoint) ? 0 : 2;
}
