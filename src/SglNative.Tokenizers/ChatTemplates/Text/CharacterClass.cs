using System.Globalization;
using System.Text;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>The predicates of text: <c>isalpha</c>, <c>isdigit</c> and their like.</summary>
internal static class CharacterClass
{
    public static bool IsAlpha(Rune rune) => Rune.IsLetter(rune);

    public static bool IsDecimal(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;

    public static bool IsDigit(Rune rune) => IsDecimal(rune)
        || rune.Value is 0xB2 or 0xB3 or 0xB9 or >= 0x1369 and <= 0x1371 or 0x19DA or 0x2070 or >= 0x2074 and <= 0x2079 or >= 0x2080 and <= 0x2089
            or >= 0x2460 and <= 0x2468 or >= 0x2474 and <= 0x247C or >= 0x2488 and <= 0x2490 or 0x24EA or >= 0x24F5 and <= 0x24FD or 0x24FF
            or >= 0x2776 and <= 0x277E or >= 0x2780 and <= 0x2788 or >= 0x278A and <= 0x2792 or >= 0x10A40 and <= 0x10A43
            or >= 0x10E60 and <= 0x10E68 or >= 0x11052 and <= 0x1105A or >= 0x1F100 and <= 0x1F10A;

    public static bool IsNumeric(Rune rune) => Rune.IsNumber(rune) || Rune.GetNumericValue(rune) >= 0;

    public static bool IsAlphanumeric(Rune rune) => IsAlpha(rune) || IsNumeric(rune);

    public static bool IsWord(Rune rune) => IsAlphanumeric(rune) || rune.Value == '_';

    /// <summary>True when there are characters and all pass.</summary>
    public static bool All(string text, Func<Rune, bool> test)
    {
        foreach (var rune in text.EnumerateRunes())
            if (!test(rune)) return false;
        return text.Length > 0;
    }

    /// <summary>True when there is a cased letter and none of the other case.</summary>
    public static bool AllCased(string text, Func<Rune, bool> wanted, Func<Rune, bool> unwanted)
    {
        var found = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (unwanted(rune) || CaseMapping.IsTitle(rune)) return false;
            found |= wanted(rune);
        }
        return found;
    }

    public static bool IsTitle(string text)
    {
        var found = false;
        var previousIsCased = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (CaseMapping.IsUpper(rune) || CaseMapping.IsTitle(rune))
            {
                if (previousIsCased) return false;
                previousIsCased = found = true;
            }
            else if (CaseMapping.IsLower(rune))
            {
                if (!previousIsCased) return false;
                found = true;
            }
            else
            {
                previousIsCased = false;
            }
        }
        return found;
    }
}
