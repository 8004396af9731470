using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>Upper, lower and title case with Unicode's full mappings, as Python's methods of text have them.</summary>
internal static class CaseMapping
{
    private static readonly FrozenDictionary<Rune, string> UpperSpecial = Read(CaseTables.Upper);
    private static readonly FrozenDictionary<Rune, string> TitleSpecial = Read(CaseTables.Title);
    private static readonly FrozenDictionary<Rune, string> FoldSpecial = Read(CaseTables.Fold);

    public static string Upper(string text)
    {
        if (Ascii.IsValid(text)) return text.ToUpperInvariant();
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) AppendUpper(result, rune);
        return result.ToString();
    }

    public static string Lower(string text)
    {
        if (Ascii.IsValid(text)) return text.ToLowerInvariant();
        var result = new StringBuilder(text.Length);
        var runes = text.EnumerateRunes().ToArray();
        for (var i = 0; i < runes.Length; i++) AppendLower(result, runes, i);
        return result.ToString();
    }

    public static string Fold(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            result.Append(FoldSpecial.TryGetValue(rune, out var special) ? special : SimpleLower(rune));
        return result.ToString();
    }

    public static string Capitalize(string text)
    {
        var result = new StringBuilder(text.Length);
        var runes = text.EnumerateRunes().ToArray();
        for (var i = 0; i < runes.Length; i++)
        {
            if (i == 0) AppendTitle(result, runes[i]);
            else AppendLower(result, runes, i);
        }
        return result.ToString();
    }

    /// <summary>Title case at the start of each run of cased letters.</summary>
    public static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        var runes = text.EnumerateRunes().ToArray();
        var previousIsCased = false;
        for (var i = 0; i < runes.Length; i++)
        {
            if (previousIsCased) AppendLower(result, runes, i);
            else AppendTitle(result, runes[i]);
            previousIsCased = IsCased(runes[i]);
        }
        return result.ToString();
    }

    public static string Swap(string text)
    {
        var result = new StringBuilder(text.Length);
        var runes = text.EnumerateRunes().ToArray();
        for (var i = 0; i < runes.Length; i++)
        {
            if (IsUpper(runes[i])) AppendLower(result, runes, i);
            else if (IsLower(runes[i])) AppendUpper(result, runes[i]);
            else result.Append(runes[i].ToString());
        }
        return result.ToString();
    }

    public static bool IsUpper(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.UppercaseLetter
        || rune.Value is >= 0x2160 and <= 0x216F or >= 0x24B6 and <= 0x24CF or >= 0x1F130 and <= 0x1F149 or >= 0x1F150 and <= 0x1F169 or >= 0x1F170 and <= 0x1F189;

    public static bool IsLower(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.LowercaseLetter
        || rune.Value is 0xAA or 0xBA or >= 0x2B0 and <= 0x2B8 or 0x2C0 or 0x2C1 or >= 0x2E0 and <= 0x2E4 or 0x345 or 0x37A
            or >= 0x1D2C and <= 0x1D6A or 0x1D78 or >= 0x1D9B and <= 0x1DBF or 0x2071 or 0x207F or >= 0x2090 and <= 0x209C
            or >= 0x2170 and <= 0x217F or >= 0x24D0 and <= 0x24E9 or 0x2C7C or 0x2C7D or 0xA69C or 0xA69D or 0xA770
            or 0xA7F8 or 0xA7F9 or >= 0xAB5C and <= 0xAB5F;

    public static bool IsTitle(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.TitlecaseLetter;

    public static bool IsCased(Rune rune) => IsUpper(rune) || IsLower(rune) || IsTitle(rune);

    private static void AppendUpper(StringBuilder result, Rune rune) =>
        result.Append(UpperSpecial.TryGetValue(rune, out var special) ? special : SimpleUpper(rune));

    private static void AppendTitle(StringBuilder result, Rune rune)
    {
        if (TitleSpecial.TryGetValue(rune, out var special)) result.Append(special);
        else AppendUpper(result, rune);
    }

    private static void AppendLower(StringBuilder result, Rune[] runes, int at)
    {
        var rune = runes[at];
        if (rune.Value == 0x3A3) result.Append(IsFinalSigma(runes, at) ? 'ς' : 'σ');
        else if (rune.Value == 0x130) result.Append("i\u0307");
        else result.Append(SimpleLower(rune));
    }

    private static string SimpleUpper(Rune rune) => rune.Value == 0x131 ? "I" : Rune.ToUpperInvariant(rune).ToString();

    private static string SimpleLower(Rune rune) => rune.Value == 0x130 ? "i\u0307" : Rune.ToLowerInvariant(rune).ToString();

    /// <summary>A capital sigma ends a word: after a cased letter and before none, marks aside.</summary>
    private static bool IsFinalSigma(Rune[] runes, int at)
    {
        var before = at - 1;
        while (before >= 0 && IsCaseIgnorable(runes[before])) before--;
        if (before < 0 || !IsCased(runes[before])) return false;
        var after = at + 1;
        while (after < runes.Length && IsCaseIgnorable(runes[after])) after++;
        return after == runes.Length || !IsCased(runes[after]);
    }

    private static bool IsCaseIgnorable(Rune rune) =>
        rune.Value is '\'' or '.' or ':' or '^' or '`' or 0xA8 or 0xAD or 0xAF or 0xB4 or 0xB7 or 0xB8 or 0x2018 or 0x2019 or 0x2024 or 0x2027
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    private static FrozenDictionary<Rune, string> Read(string table)
    {
        var entries = new Dictionary<Rune, string>();
        foreach (var entry in table.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var rune = Rune.GetRuneAt(entry, 0);
            entries.Add(rune, entry[rune.Utf16SequenceLength..]);
        }
        return entries.ToFrozenDictionary();
    }
}
