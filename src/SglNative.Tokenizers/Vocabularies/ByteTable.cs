using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SglNative.Tokenizers.Vocabularies;

/// <summary>A hash table from byte strings to numbers that keeps its keys in one array. Filled once, then read by any thread.</summary>
internal sealed class ByteTable
{
    private const int MinSlots = 16;
    private byte[] _keys;
    private int _keysLength;
    private Entry[] _entries;
    private int[] _slots;

    private record struct Entry(int Start, int Length, uint Hash, int Value);

    public ByteTable(int capacity = 16, int averageLength = 8)
    {
        _entries = new Entry[Math.Max(capacity, 1)];
        _keys = new byte[Math.Max(capacity * averageLength, 16)];
        _slots = new int[SlotsFor(capacity)];
    }

    public int Count { get; private set; }

    /// <summary>Adds a key or gives it a new value; returns the value it had, or -1.</summary>
    public int Set(ReadOnlySpan<byte> key, int value)
    {
        if (Count * 2 >= _slots.Length) Rehash(_slots.Length * 2);
        var hash = HashOf(key);
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        for (; _slots[slot] != 0; slot = slot + 1 & mask)
        {
            ref var found = ref _entries[_slots[slot] - 1];
            if (found.Hash != hash || !key.SequenceEqual(_keys.AsSpan(found.Start, found.Length))) continue;
            var old = found.Value;
            found.Value = value;
            return old;
        }
        if (_keys.Length - _keysLength < key.Length) Array.Resize(ref _keys, Math.Max(_keys.Length * 2, _keysLength + key.Length));
        if (Count == _entries.Length) Array.Resize(ref _entries, _entries.Length * 2);
        key.CopyTo(_keys.AsSpan(_keysLength));
        _entries[Count] = new Entry(_keysLength, key.Length, hash, value);
        _keysLength += key.Length;
        _slots[slot] = ++Count;
        return -1;
    }

    /// <summary>The value of a key, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        var hash = HashOf(key);
        var slots = _slots;
        var mask = slots.Length - 1;
        for (var slot = (int)hash & mask; ; slot = slot + 1 & mask)
        {
            var index = slots[slot];
            if (index == 0) return -1;
            ref var found = ref _entries[index - 1];
            if (found.Hash == hash && found.Length == key.Length && key.SequenceEqual(_keys.AsSpan(found.Start, found.Length)))
                return found.Value;
        }
    }

    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
        _keysLength = 0;
    }

    /// <summary>The n-th key added.</summary>
    public ReadOnlySpan<byte> KeyAt(int n) => _keys.AsSpan(_entries[n].Start, _entries[n].Length);

    public int ValueAt(int n) => _entries[n].Value;

    private static int SlotsFor(int capacity) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity * 2 + 2, MinSlots));

    private void Rehash(int size)
    {
        _slots = new int[size];
        var mask = size - 1;
        for (var i = 0; i < Count; i++)
        {
            var slot = (int)_entries[i].Hash & mask;
            while (_slots[slot] != 0) slot = slot + 1 & mask;
            _slots[slot] = i + 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint HashOf(ReadOnlySpan<byte> key)
    {
        const ulong Multiplier = 0x9e3779b97f4a7c15;
        var hash = (ulong)key.Length * Multiplier;
        while (key.Length >= 8)
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(key)) * Multiplier;
            hash ^= hash >> 32;
            key = key[8..];
        }
        ulong tail = 0;
        if (key.Length >= 4)
        {
            tail = MemoryMarshal.Read<uint>(key) | (ulong)MemoryMarshal.Read<uint>(key[^4..]) << 32;
        }
        else if (key.Length > 0)
        {
            tail = key[0] | (ulong)key[key.Length >> 1] << 8 | (ulong)key[^1] << 16 | 1ul << 32;
        }
        hash = (hash ^ tail) * Multiplier;
        return (uint)(hash >> 32 ^ hash >> 15);
    }
}
