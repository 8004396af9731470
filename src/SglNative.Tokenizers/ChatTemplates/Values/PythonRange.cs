namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>A range of integers.</summary>
internal sealed class PythonRange(long start, long stop, long step)
{
    public long Start { get; } = start;
    public long Stop { get; } = stop;
    public long Step { get; } = step;

    public long Count { get; } = step > 0
        ? start >= stop ? 0 : (long)(((ulong)stop - (ulong)start - 1) / (ulong)step) + 1
        : start <= stop ? 0 : (long)(((ulong)start - (ulong)stop - 1) / (0UL - (ulong)step)) + 1;

    public object this[long index] => PythonInteger.Box(Start + index * Step);

    public IEnumerable<object?> Items()
    {
        for (long i = 0; i < Count; i++) yield return this[i];
    }

    public bool Contains(long value) =>
        Step > 0 ? value >= Start && value < Stop && (value - Start) % Step == 0 : value <= Start && value > Stop && (Start - value) % -Step == 0;
}
