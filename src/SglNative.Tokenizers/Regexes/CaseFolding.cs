using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Regexes;

/// <summary>Simple case folding, closed over all characters that fold alike.</summary>
internal static class CaseFolding
{
    private static readonly Dictionary<int, int> Folded = UnicodeTables.Map("fold16").ToDictionary(e => e.CodePoint, e => e.Targets[0]);

    private static readonly ILookup<int, int> Unfolded = Folded.ToLookup(e => e.Value, e => e.Key);

    /// <summary>The set and everything that equals one of its members but for case.</summary>
    public static CodePointSet Close(CodePointSet set)
    {
        var ranges = new List<CodePointRange>(set.Ranges);
        foreach (var group in Unfolded)
        {
            if (!set.Contains(group.Key) && !group.Any(set.Contains)) continue;
            ranges.Add(new CodePointRange(group.Key, group.Key));
            foreach (var c in group) ranges.Add(new CodePointRange(c, c));
        }
        return CodePointSet.FromRanges(ranges);
    }
}
