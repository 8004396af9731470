using System.Numerics;
using System.Runtime.CompilerServices;

namespace SglNative.Tokenizers.Vocabularies;

/// <summary>Which pairs of tokens merge, how early (rank, lower first), into what. Filled once, then read by any thread.</summary>
internal sealed class MergeTable
{
    private const ulong None = ulong.MaxValue;
    private ulong[] _keys;
    private ulong[] _values;
    private int _shift;

    public MergeTable(int capacity)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity + capacity / 2));
        Allocate(size, out _keys, out _values);
    }

    public int Count { get; private set; }

    /// <summary>The pair's merges in the order of the table's slots.</summary>
    public IEnumerable<(int Left, int Right, int Merged)> All()
    {
        for (var i = 0; i < _keys.Length; i++)
            if (_keys[i] != None) yield return ((int)(_keys[i] >> 32), (int)(uint)_keys[i], (int)(uint)_values[i]);
    }

    /// <summary>Adds a merge; a pair given again takes the later rank.</summary>
    public void Set(int left, int right, int rank, int merged)
    {
        if (Count * 4L >= _keys.Length * 3L) Grow();
        var key = Key(left, right);
        var slot = SlotOf(key);
        if (_keys[slot] == None) Count++;
        _keys[slot] = key;
        _values[slot] = (ulong)(uint)rank << 32 | (uint)merged;
    }

    /// <summary>The rank and the merged id packed as rank &lt;&lt; 32 | id, or <see cref="ulong.MaxValue"/>: the smallest wins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Find(int left, int right)
    {
        var key = Key(left, right);
        var keys = _keys;
        var mask = keys.Length - 1;
        for (var slot = (int)(key * 0x9e3779b97f4a7c15 >> _shift); ; slot = slot + 1 & mask)
        {
            var found = keys[slot];
            if (found == key) return _values[slot];
            if (found == None) return None;
        }
    }

    private static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)right;

    private int SlotOf(ulong key)
    {
        var mask = _keys.Length - 1;
        var slot = (int)(key * 0x9e3779b97f4a7c15 >> _shift);
        while (_keys[slot] != key && _keys[slot] != None) slot = slot + 1 & mask;
        return slot;
    }

    private void Allocate(int size, out ulong[] keys, out ulong[] values)
    {
        keys = new ulong[size];
        values = new ulong[size];
        Array.Fill(keys, None);
        _shift = 64 - BitOperations.Log2((uint)size);
    }

    private void Grow()
    {
        var (keys, values) = (_keys, _values);
        Allocate(keys.Length * 2, out _keys, out _values);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] == None) continue;
            var slot = SlotOf(keys[i]);
            _keys[slot] = keys[i];
            _values[slot] = values[i];
        }
    }
}
