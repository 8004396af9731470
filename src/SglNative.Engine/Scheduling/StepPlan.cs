namespace SglNative.Engine.Scheduling;

/// <summary>What the next step computes: for each sequence, how many of its tokens from <see cref="Sequence.Computed"/> on. Reused.</summary>
internal sealed class StepPlan
{
    private readonly List<Entry> _entries = [];

    /// <summary>The concrete list, so that enumerating it allocates nothing.</summary>
    public List<Entry> Entries => _entries;

    public int TokenCount { get; private set; }

    public void Clear()
    {
        _entries.Clear();
        TokenCount = 0;
    }

    public void Add(Sequence sequence, int tokens)
    {
        _entries.Add(new Entry(sequence, tokens));
        TokenCount += tokens;
    }

    /// <summary>One sequence's part; it draws a token when the part reaches its end.</summary>
    public readonly record struct Entry(Sequence Sequence, int Tokens)
    {
        public int End => Sequence.Computed + Tokens;

        public bool Draws => End == Sequence.Length;
    }
}
