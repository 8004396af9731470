using System.Globalization;
using System.Text;

namespace SglNative.Tokenizers.ChatTemplates.Syntax;

/// <summary>What may stand in a name: Python's words and identifiers.</summary>
internal static class Identifier
{
    /// <summary>The length in UTF-16 units of the word character at a position; 0 where there is none.</summary>
    public static int MatchWord(string source, int at)
    {
        if (Rune.DecodeFromUtf16(source.AsSpan(at), out var rune, out var length) != System.Buffers.OperationStatus.Done) return 0;
        return IsWord(rune) ? length : 0;
    }

    public static bool IsValid(string name)
    {
        var first = true;
        foreach (var rune in name.EnumerateRunes())
        {
            if (!(first ? IsStart(rune) : IsStart(rune) || IsContinuation(rune))) return false;
            first = false;
        }
        return !first;
    }

    private static bool IsWord(Rune rune) =>
        IsStart(rune) || IsContinuation(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNumber;

    private static bool IsStart(Rune rune) =>
        rune.Value == '_' || Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.LetterNumber;

    private static bool IsContinuation(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.ConnectorPunctuation;
}
