using SglNative.Core.Tensors;

namespace SglNative.OpsContract;

/// <summary>Sequences with states of fixed size in slots of no particular order; slots of nobody hold NaN, and so do those of new sequences.</summary>
public sealed class StatefulSequences
{
    public StatefulSequences(int stateSize, (int Queries, int Total)[] sequences)
    {
        Sequences = sequences;
        SlotCount = sequences.Length + 3;
        var random = new Random(stateSize + sequences.Length);
        Slots = [.. Enumerable.Range(1, SlotCount - 1).OrderBy(_ => random.Next()).Take(sequences.Length)];
        QueryStart = new int[sequences.Length + 1];
        for (var b = 0; b < sequences.Length; b++) QueryStart[b + 1] = QueryStart[b] + sequences[b].Queries;
        StateSize = stateSize;
    }

    /// <summary>Tokens of this batch and in all; equal where a sequence starts.</summary>
    public (int Queries, int Total)[] Sequences { get; }

    public int SlotCount { get; }

    public int StateSize { get; }

    public int[] Slots { get; }

    public int[] QueryStart { get; }

    public int Tokens => QueryStart[^1];

    public bool IsFresh(int sequence) => Sequences[sequence].Queries == Sequences[sequence].Total;

    /// <summary>The pool [slots, state size] before the batch, of numbers that the type can hold.</summary>
    public float[] Pool(DType dtype)
    {
        var pool = new float[SlotCount * StateSize];
        Array.Fill(pool, float.NaN);
        for (var b = 0; b < Sequences.Length; b++)
            if (!IsFresh(b)) Numbers.Rounded(Numbers.Random(StateSize, b), dtype).CopyTo(pool.AsSpan(Slots[b] * StateSize));
        return pool;
    }
}
