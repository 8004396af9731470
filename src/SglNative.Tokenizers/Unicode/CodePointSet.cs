using System.Runtime.CompilerServices;

namespace SglNative.Tokenizers.Unicode;

/// <summary>An immutable set of code points: a bitmap for the basic plane, sorted ranges for the others.</summary>
internal sealed class CodePointSet
{
    private const int PlaneSize = 0x10000;
    private readonly CodePointRange[] _ranges;
    private readonly int[] _supplementaryStarts;
    private readonly int[] _supplementaryLasts;
    private readonly ulong[] _plane = new ulong[PlaneSize / 64];

    private CodePointSet(CodePointRange[] ranges)
    {
        _ranges = ranges;
        var starts = new List<int>();
        var lasts = new List<int>();
        foreach (var (first, last) in ranges)
        {
            for (var c = first; c <= last && c < PlaneSize; c++) _plane[c >> 6] |= 1ul << (c & 63);
            if (last < PlaneSize) continue;
            starts.Add(Math.Max(first, PlaneSize));
            lasts.Add(last);
        }
        _supplementaryStarts = [.. starts];
        _supplementaryLasts = [.. lasts];
    }

    public static CodePointSet Empty { get; } = new([]);

    public static CodePointSet All { get; } = new([new CodePointRange(0, CodePointEnumeration.Limit - 1)]);

    public IReadOnlyList<CodePointRange> Ranges => _ranges;

    public bool IsEmpty => _ranges.Length == 0;

    public static CodePointSet FromSorted(CodePointRange[] ranges) => new(ranges);

    public static CodePointSet Of(params ReadOnlySpan<int> codePoints)
    {
        var ranges = new List<CodePointRange>();
        foreach (var c in codePoints) ranges.Add(new CodePointRange(c, c));
        return FromRanges(ranges);
    }

    public static CodePointSet OfRange(int first, int last) => new([new CodePointRange(first, last)]);

    public static CodePointSet FromRanges(List<CodePointRange> ranges)
    {
        ranges.Sort((a, b) => a.First.CompareTo(b.First));
        var merged = new List<CodePointRange>(ranges.Count);
        foreach (var range in ranges)
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
                merged[^1] = merged[^1] with { Last = Math.Max(merged[^1].Last, range.Last) };
            else merged.Add(range);
        }
        return new CodePointSet([.. merged]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int codePoint) =>
        codePoint < PlaneSize ? (_plane[codePoint >> 6] >> (codePoint & 63) & 1) != 0 : ContainsSupplementary(codePoint);

    private bool ContainsSupplementary(int codePoint)
    {
        var i = Array.BinarySearch(_supplementaryStarts, codePoint);
        if (i >= 0) return true;
        i = ~i - 1;
        return i >= 0 && codePoint <= _supplementaryLasts[i];
    }

    public CodePointSet Union(CodePointSet other) => FromRanges([.. _ranges, .. other._ranges]);

    public CodePointSet Complement()
    {
        var ranges = new List<CodePointRange>(_ranges.Length + 1);
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next) ranges.Add(new CodePointRange(next, first - 1));
            next = last + 1;
        }
        if (next < CodePointEnumeration.Limit) ranges.Add(new CodePointRange(next, CodePointEnumeration.Limit - 1));
        return new CodePointSet([.. ranges]);
    }

    public CodePointSet Intersect(CodePointSet other)
    {
        var ranges = new List<CodePointRange>();
        for (int i = 0, j = 0; i < _ranges.Length && j < other._ranges.Length;)
        {
            var first = Math.Max(_ranges[i].First, other._ranges[j].First);
            var last = Math.Min(_ranges[i].Last, other._ranges[j].Last);
            if (first <= last) ranges.Add(new CodePointRange(first, last));
            if (_ranges[i].Last < other._ranges[j].Last) i++;
            else j++;
        }
        return new CodePointSet([.. ranges]);
    }

    public CodePointSet Except(CodePointSet other) => Intersect(other.Complement());
}
