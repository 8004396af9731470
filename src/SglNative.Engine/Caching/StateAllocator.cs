namespace SglNative.Engine.Caching;

/// <summary>
/// Hands out the rows of the state pools, one to each running sequence. Row 0 is never given out: padding sequences of captured steps
/// write there. What a row held before does not matter: a sequence's first token starts it from zeros.
/// </summary>
public sealed class StateAllocator
{
    private readonly Stack<int> _free;
    private readonly bool[] _used;

    /// <summary>An allocator for <paramref name="states"/> sequences; for 0, models without states, every sequence gets row 0.</summary>
    public StateAllocator(int states)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(states);
        Capacity = states;
        _used = new bool[states + 1];
        _free = new Stack<int>(states);
        Reset();
    }

    /// <summary>Sequences that can hold a row at once; 0 where there are no states.</summary>
    public int Capacity { get; }

    /// <summary>True while another sequence can start.</summary>
    public bool HasRoom => Capacity == 0 || _free.Count > 0;

    /// <summary>A row for a sequence that starts, from its first token.</summary>
    /// <exception cref="InvalidOperationException">None is free: admission did not ask.</exception>
    public int Take()
    {
        if (Capacity == 0) return 0;
        if (!_free.TryPop(out var row)) throw new InvalidOperationException($"all {Capacity} state rows are in use");
        _used[row] = true;
        return row;
    }

    /// <summary>Takes every row back, whoever has it.</summary>
    public void Reset()
    {
        Array.Clear(_used);
        _free.Clear();
        for (var row = Capacity; row > 0; row--) _free.Push(row);
    }

    /// <summary>Takes a row back.</summary>
    /// <exception cref="InvalidOperationException">It was not in use: the accounting is broken.</exception>
    public void Release(int row)
    {
        if (row == 0) return;
        if (!_used[row]) throw new InvalidOperationException($"state row {row} is given back twice");
        _used[row] = false;
        _free.Push(row);
    }
}
