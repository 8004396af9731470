namespace SglNative.Tokenizers.Unicode;

/// <summary>One label, or none, per code point.</summary>
internal sealed class CodePointEnumeration(string[] labels, int[] starts, byte[] values)
{
    public const int Limit = 0x110000;

    public IReadOnlyList<string> Labels => labels;

    /// <summary>The label's index plus one, or 0 for none.</summary>
    public int this[int codePoint]
    {
        get
        {
            var i = Array.BinarySearch(starts, codePoint);
            return values[i >= 0 ? i : ~i - 1];
        }
    }

    /// <summary>All code points whose label satisfies the condition.</summary>
    public CodePointSet Where(Func<string, bool> condition)
    {
        var wanted = new bool[labels.Length + 1];
        for (var i = 0; i < labels.Length; i++) wanted[i + 1] = condition(labels[i]);
        return Select(wanted);
    }

    /// <summary>All code points without a label.</summary>
    public CodePointSet Unlabelled()
    {
        var wanted = new bool[labels.Length + 1];
        wanted[0] = true;
        return Select(wanted);
    }

    private CodePointSet Select(bool[] wanted)
    {
        var ranges = new List<CodePointRange>();
        for (var i = 0; i < starts.Length; i++)
        {
            if (!wanted[values[i]]) continue;
            var last = (i + 1 < starts.Length ? starts[i + 1] : Limit) - 1;
            if (ranges.Count > 0 && ranges[^1].Last == starts[i] - 1) ranges[^1] = ranges[^1] with { Last = last };
            else ranges.Add(new CodePointRange(starts[i], last));
        }
        return CodePointSet.FromSorted([.. ranges]);
    }
}
