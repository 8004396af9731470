using SglNative.Tokenizers.Normalizers;
using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.SentencePieces;

/// <summary>
/// SentencePiece's own normalization: its character map by longest match (user-defined pieces are left as they are), superfluous
/// spaces dropped, one space put in front (or behind, where the mark is a suffix), ▁ for each space.
/// </summary>
internal sealed class SentencePieceNormalizer(SentencePieceFile file, PieceMatcher userDefined, bool addPrefix) : Normalizer
{
    private readonly CharacterMap? _map = file.CharacterMap.Length == 0 ? null : new CharacterMap(file.CharacterMap);

    public override void Normalize(ReadOnlySpan<byte> text, TextBuffer to)
    {
        var start = to.Length;
        var space = file.EscapeSpaces ? "▁"u8 : " "u8;
        while (file.RemoveExtraSpaces && !text.IsEmpty)
        {
            if (!NormalizeFirst(text, out var length).SequenceEqual(" "u8)) break;
            text = text[length..];
        }
        if (text.IsEmpty) return;
        if (addPrefix && !file.SpaceIsSuffix) to.Append(space);
        var afterSpace = file.RemoveExtraSpaces;
        while (!text.IsEmpty)
        {
            var first = NormalizeFirst(text, out var length);
            while (afterSpace && first.StartsWith(" "u8)) first = first[1..];
            if (!first.IsEmpty)
            {
                Append(first, space, to);
                afterSpace = first[^1] == ' ';
            }
            text = text[length..];
            afterSpace &= file.RemoveExtraSpaces;
        }
        while (file.RemoveExtraSpaces && to.Span[start..].EndsWith(space)) to.Truncate(to.Length - space.Length);
        if (addPrefix && file.SpaceIsSuffix) to.Append(space);
    }

    private static void Append(ReadOnlySpan<byte> text, ReadOnlySpan<byte> space, TextBuffer to)
    {
        for (int at; (at = text.IndexOf((byte)' ')) >= 0; text = text[(at + 1)..])
        {
            to.Append(text[..at]);
            to.Append(space);
        }
        to.Append(text);
    }

    private ReadOnlySpan<byte> NormalizeFirst(ReadOnlySpan<byte> text, out int length)
    {
        length = userDefined.LongestAt(text);
        if (length > 0) return text[..length];
        if (_map is not null && _map.TryMapLongest(text, out length, out var mapped)) return mapped;
        length = Utf8.LengthOf(text[0]);
        return text[..length];
    }
}
