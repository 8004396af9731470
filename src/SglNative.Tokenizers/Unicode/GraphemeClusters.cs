using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Unicode;

/// <summary>
/// Extended grapheme clusters (UAX #29). Conjuncts of Indic scripts are not joined (rule GB9c): SentencePiece's character maps look
/// at clusters of fewer than six bytes only, and a conjunct is never that short.
/// </summary>
internal static class GraphemeClusters
{
    private static readonly CodePointEnumeration Breaks = UnicodeTables.Enumeration("grapheme17");
    private static readonly CodePointSet Pictographic = UnicodeTables.Set("pictographic17");

    /// <summary>The length in bytes of the cluster a non-empty text begins with.</summary>
    public static int FirstLength(ReadOnlySpan<byte> text)
    {
        var c = Utf8.Decode(text, 0, out var at);
        // Most text: no cluster joins two ASCII characters but CR LF.
        if (c < 0x80 && c != '\r' && (at == text.Length || text[at] < 0x80)) return at;
        var before = LabelOf(c);
        var pictographic = Pictographic.Contains(c);
        var joined = false;
        var regions = before == "Regional_Indicator" ? 1 : 0;
        while (at < text.Length)
        {
            c = Utf8.Decode(text, at, out var length);
            var after = LabelOf(c);
            if (!Joins(before, after, joined && Pictographic.Contains(c), regions)) break;
            joined = pictographic && after == "ZWJ";
            pictographic = Pictographic.Contains(c) || (pictographic && after is "Extend");
            regions = after == "Regional_Indicator" ? regions + 1 : 0;
            before = after;
            at += length;
        }
        return at;
    }

    private static string LabelOf(int c)
    {
        var label = Breaks[c];
        return label == 0 ? "" : Breaks.Labels[label - 1];
    }

    private static bool Joins(string before, string after, bool emojiSequence, int regions) => (before, after) switch
    {
        ("CR", "LF") => true,
        ("CR" or "LF" or "Control", _) or (_, "CR" or "LF" or "Control") => false,
        ("L", "L" or "V" or "LV" or "LVT") or ("LV" or "V", "V" or "T") or ("LVT" or "T", "T") => true,
        (_, "Extend" or "ZWJ" or "SpacingMark") or ("Prepend", _) => true,
        ("Regional_Indicator", "Regional_Indicator") => regions % 2 == 1,
        _ => emojiSequence,
    };
}
