namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>A dict: keeps the order of insertion, and finds keys that are equal in Python's sense (1, 1.0 and True are one key).</summary>
internal sealed class PythonDict
{
    private const int ScanLimit = 8;

    private readonly List<Entry> _entries;
    private int[]? _buckets;

    public PythonDict(int capacity = 4) => _entries = new List<Entry>(capacity);

    public IReadOnlyList<Entry> Entries => _entries;

    public int Count => _entries.Count;

    public object? GetKey(int index) => _entries[index].Key;

    public bool TryGet(object? key, RenderBudget budget, out object? value)
    {
        var index = key is string text ? FindText(text) : Find(key, PythonEquality.Hash(key, budget), budget);
        value = index < 0 ? null : _entries[index].Value;
        return index >= 0;
    }

    public bool TryGet(string key, out object? value)
    {
        var index = FindText(key);
        value = index < 0 ? null : _entries[index].Value;
        return index >= 0;
    }

    public void Set(object? key, object? value, RenderBudget budget)
    {
        var hash = PythonEquality.Hash(key, budget);
        var index = Find(key, hash, budget);
        if (index >= 0)
        {
            _entries[index] = _entries[index] with { Value = value };
            return;
        }
        budget.Charge(1);
        _entries.Add(new Entry(key, value, hash, -1));
        if (_buckets is not null && _entries.Count <= _buckets.Length) Link(_entries.Count - 1);
        else if (_entries.Count > ScanLimit) Rehash();
    }

    private int FindText(string key)
    {
        if (_buckets is not null)
        {
            var hash = key.GetHashCode();
            for (var i = _buckets[(uint)hash % _buckets.Length] - 1; i >= 0; i = _entries[i].Next)
                if (_entries[i].Hash == hash && IsText(_entries[i].Key, key)) return i;
            return -1;
        }
        for (var i = 0; i < _entries.Count; i++)
            if (IsText(_entries[i].Key, key)) return i;
        return -1;
    }

    private static bool IsText(object? key, string text) => key switch
    {
        string other => other == text,
        Markup markup => markup.Text == text,
        _ => false,
    };

    private int Find(object? key, int hash, RenderBudget budget)
    {
        if (_buckets is not null)
        {
            for (var i = _buckets[(uint)hash % _buckets.Length] - 1; i >= 0; i = _entries[i].Next)
            {
                budget.Charge(1);
                if (_entries[i].Hash == hash && PythonEquality.IsSame(_entries[i].Key, key, budget)) return i;
            }
            return -1;
        }
        for (var i = 0; i < _entries.Count; i++)
            if (_entries[i].Hash == hash && PythonEquality.IsSame(_entries[i].Key, key, budget)) return i;
        return -1;
    }

    private void Rehash()
    {
        _buckets = new int[Math.Max(2 * ScanLimit, _entries.Count * 2)];
        for (var i = 0; i < _entries.Count; i++) Link(i);
    }

    private void Link(int index)
    {
        ref var bucket = ref _buckets![(uint)_entries[index].Hash % _buckets.Length];
        _entries[index] = _entries[index] with { Next = bucket - 1 };
        bucket = index + 1;
    }

    /// <summary>A key and its value; the hash and the chain belong to the dict.</summary>
    public readonly record struct Entry(object? Key, object? Value, int Hash, int Next);
}
