using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Unicode;

/// <summary>
/// The four normal forms by Unicode 9.0's data, as the reference library has them. The runtime's String.Normalize cannot serve:
/// without ICU it changes nothing, and with ICU its data is newer.
/// </summary>
internal sealed class UnicodeNormalization
{
    private const int SBase = 0xac00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11a7;
    private const int LCount = 19, VCount = 21, TCount = 28, SCount = LCount * VCount * TCount;

    private static readonly Lazy<Dictionary<int, int[]>> Canonical =
        new(() => UnicodeTables.Map("canonical9").ToDictionary(e => e.CodePoint, e => e.Targets));

    private static readonly Lazy<Dictionary<int, int[]>> Compatible = new(() =>
    {
        var map = new Dictionary<int, int[]>(Canonical.Value);
        foreach (var (c, targets) in UnicodeTables.Map("compatible9")) map[c] = targets;
        return map;
    });

    private static readonly Lazy<Dictionary<int, byte>> CombiningClasses =
        new(() => UnicodeTables.Map("combining9").ToDictionary(e => e.CodePoint, e => (byte)e.Targets[0]));

    private static readonly Lazy<Dictionary<(int, int), int>> Compositions =
        new(() => UnicodeTables.Map("composed9").ToDictionary(e => (e.Targets[0], e.Targets[1]), e => e.CodePoint));

    private static readonly Lazy<UnicodeNormalization>[] Forms =
        [.. Enum.GetValues<NormalForm>().Select(f => new Lazy<UnicodeNormalization>(() => new UnicodeNormalization(f)))];

    private readonly Dictionary<int, int[]> _decompositions;
    private readonly bool _composes;
    private readonly CodePointSet _active;
    private readonly Spare<List<(int CodePoint, byte Class)>> _spare = new(() => []);

    private UnicodeNormalization(NormalForm form)
    {
        _composes = form is NormalForm.C or NormalForm.KC;
        _decompositions = form is NormalForm.C or NormalForm.D ? Canonical.Value : Compatible.Value;
        var active = new HashSet<int>(CombiningClasses.Value.Keys);
        foreach (var c in _decompositions.Keys) active.Add(c);
        if (_composes)
        {
            // A character that is its own composition stays inert until a mark follows, and that is found by the mark.
            foreach (var c in Compositions.Value.Values)
                if (_decompositions[c] == Canonical.Value[c]) active.Remove(c);
            foreach (var (_, second) in Compositions.Value.Keys) active.Add(second);
        }
        var ranges = active.Select(c => new CodePointRange(c, c)).ToList();
        if (_composes)
        {
            ranges.Add(new CodePointRange(VBase, VBase + VCount - 1));
            ranges.Add(new CodePointRange(TBase + 1, TBase + TCount - 1));
        }
        else ranges.Add(new CodePointRange(SBase, SBase + SCount - 1));
        _active = CodePointSet.FromRanges(ranges);
    }

    public static UnicodeNormalization Of(NormalForm form) => Forms[(int)form].Value;

    /// <summary>Whether the text is certainly in this form already.</summary>
    public bool LeavesAlone(ReadOnlySpan<byte> text) => FirstActive(text) == text.Length;

    public void Normalize(ReadOnlySpan<byte> text, TextBuffer to)
    {
        var buffer = _spare.Take();
        buffer.Clear();
        while (!text.IsEmpty)
        {
            var active = FirstActive(text);
            // What is active may change the inert character before it, nothing further back.
            var start = active == text.Length || active == 0 ? active : Utf8.Previous(text, active);
            to.Append(text[..start]);
            text = text[start..];
            if (text.IsEmpty) break;
            var end = Decompose(text, buffer);
            Flush(buffer, to);
            text = text[end..];
        }
        _spare.Return(buffer);
    }

    private int FirstActive(ReadOnlySpan<byte> text)
    {
        for (int at = 0, length; at < text.Length; at += length)
        {
            var skip = text[at..].IndexOfAnyExceptInRange((byte)0, (byte)0x7f);
            if (skip < 0) break;
            at += skip;
            if (_active.Contains(Utf8.Decode(text, at, out length))) return at;
        }
        return text.Length;
    }

    /// <summary>Decomposes the first character and the active ones that follow; returns where the next inert one is.</summary>
    private int Decompose(ReadOnlySpan<byte> text, List<(int CodePoint, byte Class)> into)
    {
        var at = 0;
        while (at < text.Length)
        {
            var c = Utf8.Decode(text, at, out var length);
            if (at > 0 && !_active.Contains(c)) break;
            AddDecomposed(c, into);
            at += length;
        }
        return at;
    }

    private void AddDecomposed(int c, List<(int CodePoint, byte Class)> into)
    {
        if (c is >= SBase and < SBase + SCount)
        {
            var s = c - SBase;
            into.Add((LBase + s / (VCount * TCount), 0));
            into.Add((VBase + s % (VCount * TCount) / TCount, 0));
            if (s % TCount != 0) into.Add((TBase + s % TCount, 0));
            return;
        }
        if (_decompositions.TryGetValue(c, out var targets))
        {
            foreach (var t in targets) into.Add((t, ClassOf(t)));
            return;
        }
        into.Add((c, ClassOf(c)));
    }

    private static byte ClassOf(int c) => c < 0x300 ? (byte)0 : CombiningClasses.Value.GetValueOrDefault(c);

    private void Flush(List<(int CodePoint, byte Class)> buffer, TextBuffer to)
    {
        Reorder(buffer);
        if (_composes) Compose(buffer);
        foreach (var (c, _) in buffer) to.AppendCodePoint(c);
        buffer.Clear();
    }

    /// <summary>Sorts each run of marks by class, keeping the order of equals; stable merge keeps long runs from costing squares.</summary>
    private static void Reorder(List<(int CodePoint, byte Class)> buffer)
    {
        for (var i = 0; i < buffer.Count; i++)
        {
            if (buffer[i].Class == 0) continue;
            var end = i;
            var sorted = true;
            for (; end < buffer.Count && buffer[end].Class != 0; end++)
                sorted &= end == i || buffer[end - 1].Class <= buffer[end].Class;
            if (!sorted)
            {
                var run = buffer.GetRange(i, end - i).OrderBy(e => e.Class).ToList();
                for (var j = 0; j < run.Count; j++) buffer[i + j] = run[j];
            }
            i = end;
        }
    }

    private static void Compose(List<(int CodePoint, byte Class)> buffer)
    {
        var starter = -1;
        var written = 0;
        var lastClass = 0;
        for (var i = 0; i < buffer.Count; i++)
        {
            var (c, cls) = buffer[i];
            var blocked = starter < 0 || (written - 1 != starter && (lastClass == 0 || lastClass >= cls));
            if (!blocked && TryCompose(buffer[starter].CodePoint, c, out var composed))
            {
                buffer[starter] = (composed, 0);
                continue;
            }
            if (cls == 0) starter = written;
            lastClass = cls;
            buffer[written++] = (c, cls);
        }
        buffer.RemoveRange(written, buffer.Count - written);
    }

    private static bool TryCompose(int first, int second, out int composed)
    {
        if (first is >= LBase and < LBase + LCount && second is >= VBase and < VBase + VCount)
        {
            composed = SBase + ((first - LBase) * VCount + second - VBase) * TCount;
            return true;
        }
        if (first is >= SBase and < SBase + SCount && (first - SBase) % TCount == 0 && second is > TBase and < TBase + TCount)
        {
            composed = first + second - TBase;
            return true;
        }
        return Compositions.Value.TryGetValue((first, second), out composed);
    }
}
