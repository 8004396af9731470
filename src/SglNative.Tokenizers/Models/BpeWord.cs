using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.Models;

/// <summary>
/// The symbols of one word while pairs merge: always the pair of lowest rank, of equals the leftmost. Reused from word to word.
/// </summary>
internal sealed class BpeWord
{
    private const int ScanLimit = 48;
    private int[] _ids = new int[64];
    private int[] _lengths = new int[64];
    private ulong[] _ranks = new ulong[64];
    private int[] _previous = [];
    private int[] _next = [];
    private ulong[] _heap = [];
    private int _heapCount;

    public int Count { get; private set; }

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>How many bytes each symbol stands for.</summary>
    public ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(int id, int length)
    {
        if (Count == _ids.Length)
        {
            Array.Resize(ref _ids, Count * 2);
            Array.Resize(ref _lengths, Count * 2);
            Array.Resize(ref _ranks, Count * 2);
        }
        _ids[Count] = id;
        _lengths[Count++] = length;
    }

    public void Merge(MergeTable merges)
    {
        if (Count <= ScanLimit) MergeByScan(merges);
        else MergeByHeap(merges);
    }

    private void MergeByScan(MergeTable merges)
    {
        var count = Count;
        var ids = _ids.AsSpan(0, count);
        var lengths = _lengths.AsSpan(0, count);
        var ranks = _ranks.AsSpan(0, count);
        for (var i = 0; i + 1 < count; i++) ranks[i] = merges.Find(ids[i], ids[i + 1]);
        while (count > 1)
        {
            var best = ulong.MaxValue;
            var at = -1;
            for (var i = 0; i + 1 < count; i++)
            {
                // By rank alone: pairs of different tokens may share one, and then the leftmost comes first.
                if (ranks[i] >> 32 >= best >> 32) continue;
                best = ranks[i];
                at = i;
            }
            if (at < 0) break;
            ids[at] = (int)(uint)best;
            lengths[at] += lengths[at + 1];
            ids[(at + 2)..count].CopyTo(ids[(at + 1)..]);
            lengths[(at + 2)..count].CopyTo(lengths[(at + 1)..]);
            ranks[(at + 1)..count][Math.Min(1, count - at - 1)..].CopyTo(ranks[(at + 1)..]);
            count--;
            if (at > 0) ranks[at - 1] = merges.Find(ids[at - 1], ids[at]);
            if (at + 1 < count) ranks[at] = merges.Find(ids[at], ids[at + 1]);
        }
        Count = count;
    }

    private void MergeByHeap(MergeTable merges)
    {
        if (_previous.Length < _ids.Length)
        {
            _previous = new int[_ids.Length];
            _next = new int[_ids.Length];
        }
        _heapCount = 0;
        for (var i = 0; i < Count; i++)
        {
            _previous[i] = i - 1;
            _next[i] = i + 1 < Count ? i + 1 : -1;
            _ranks[i] = ulong.MaxValue;
        }
        for (var i = 0; i + 1 < Count; i++) Offer(merges, i);
        while (_heapCount > 0)
        {
            var top = Pop();
            var at = (int)(uint)top;
            // Stale when the symbol was merged away or its pair has changed since.
            var rank = _ranks[at];
            if (rank == ulong.MaxValue || rank >> 32 != top >> 32) continue;
            var right = _next[at];
            _ids[at] = (int)(uint)rank;
            _lengths[at] += _lengths[right];
            _ids[right] = -1;
            _ranks[right] = ulong.MaxValue;
            _ranks[at] = ulong.MaxValue;
            _next[at] = _next[right];
            if (_next[at] >= 0)
            {
                _previous[_next[at]] = at;
                Offer(merges, at);
            }
            if (_previous[at] >= 0) Offer(merges, _previous[at]);
        }
        var count = 0;
        for (var i = 0; i >= 0; i = _next[i])
        {
            _ids[count] = _ids[i];
            _lengths[count++] = _lengths[i];
        }
        Count = count;
    }

    private void Offer(MergeTable merges, int at)
    {
        var rank = merges.Find(_ids[at], _ids[_next[at]]);
        _ranks[at] = rank;
        if (rank != ulong.MaxValue) Push(rank & 0xffffffff00000000 | (uint)at);
    }

    private void Push(ulong item)
    {
        if (_heapCount == _heap.Length) Array.Resize(ref _heap, Math.Max(64, _heapCount * 2));
        var i = _heapCount++;
        for (int parent; i > 0 && _heap[parent = (i - 1) / 2] > item; i = parent) _heap[i] = _heap[parent];
        _heap[i] = item;
    }

    private ulong Pop()
    {
        var top = _heap[0];
        var item = _heap[--_heapCount];
        var i = 0;
        for (int child; (child = 2 * i + 1) < _heapCount; i = child)
        {
            if (child + 1 < _heapCount && _heap[child + 1] < _heap[child]) child++;
            if (_heap[child] >= item) break;
            _heap[i] = _heap[child];
        }
        _heap[i] = item;
        return top;
    }
}
