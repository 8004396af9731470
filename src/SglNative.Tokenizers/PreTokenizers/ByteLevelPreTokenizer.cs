using SglNative.Tokenizers.Regexes;
using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>
/// GPT-2's split, and each byte written as the printable character that stands for it. As the last step before a BPE model the
/// writing is left out (<paramref name="mapsBytes"/> false): the model then reads the bytes themselves.
/// </summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex, bool mapsBytes) : PreTokenizer
{
    public const string Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly PreTokenizer? _split = useRegex ? PatternSplit.Create(Pattern, SplitBehavior.Isolated, invert: false) : null;

    public bool AddPrefixSpace => addPrefixSpace;

    public bool UseRegex => useRegex;

    public override void Apply(PieceList pieces)
    {
        if (addPrefixSpace) AddSpaces(pieces);
        _split?.Apply(pieces);
        if (mapsBytes) Map(pieces);
    }

    private static void AddSpaces(PieceList pieces)
    {
        var to = pieces.Rewritten;
        for (var i = 0; i < pieces.Count; i++)
        {
            var text = pieces.TextOf(i);
            var start = to.Length;
            if (text[0] != ' ') to.Append((byte)' ');
            to.Append(text);
            pieces.Add(start, to.Length);
        }
        pieces.CommitText();
    }

    private static void Map(PieceList pieces)
    {
        var to = pieces.Rewritten;
        for (var i = 0; i < pieces.Count; i++)
        {
            var start = to.Length;
            ByteAlphabet.Write(pieces.TextOf(i), to);
            pieces.Add(start, to.Length);
        }
        pieces.CommitText();
    }
}
