using SglNative.Engine.Caching;

namespace SglNative.Engine.Scheduling;

/// <summary>
/// The sequences in the engine: those that hold pages and a state, oldest first, and those that wait, first come first served. The only
/// place where these change hands, so that what is running and what is allocated cannot disagree.
/// </summary>
internal sealed class RunningSet(PageAllocator pages, StateAllocator states)
{
    private readonly List<Sequence> _running = [];
    private readonly LinkedList<Sequence> _waiting = new();

    /// <summary>Oldest first; the concrete list, so that enumerating it allocates nothing.</summary>
    public List<Sequence> Running => _running;

    public int WaitingCount => _waiting.Count;

    public Sequence? NextWaiting => _waiting.First?.Value;

    public PageAllocator Pages => pages;

    /// <summary>True while another sequence's states fit.</summary>
    public bool HasStateRoom => states.HasRoom;

    public bool IsEmpty => _running.Count == 0 && _waiting.Count == 0;

    public void Enqueue(Sequence sequence) => _waiting.AddLast(sequence);

    /// <summary>Moves the first waiting sequence to the running ones.</summary>
    public Sequence Admit()
    {
        var sequence = _waiting.First!.Value;
        sequence.StateSlot = states.Take();
        _waiting.RemoveFirst();
        _running.Add(sequence);
        return sequence;
    }

    /// <summary>Pages for the sequence's first <paramref name="tokens"/> tokens; false when too few are free.</summary>
    public bool TryReserve(Sequence sequence, int tokens) => pages.TryGrow(sequence.Pages, pages.PagesFor(tokens));

    /// <summary>Sets the newest running sequence back to the front of the queue; it will be computed anew and lose nothing.</summary>
    public Sequence RetractNewest()
    {
        var sequence = _running[^1];
        _running.RemoveAt(_running.Count - 1);
        Release(sequence);
        sequence.Computed = 0;
        sequence.Retractions++;
        _waiting.AddFirst(sequence);
        return sequence;
    }

    /// <summary>Takes a sequence out, wherever it is.</summary>
    public void Remove(Sequence sequence)
    {
        if (!_running.Remove(sequence)) _waiting.Remove(sequence);
        Release(sequence);
    }

    /// <summary>Takes everything out and starts the accounting of pages and states anew, whatever state it is in.</summary>
    public IReadOnlyList<Sequence> Clear()
    {
        Sequence[] all = [.. _running, .. _waiting];
        _running.Clear();
        _waiting.Clear();
        foreach (var sequence in all)
        {
            sequence.Pages.Clear();
            sequence.StateSlot = 0;
        }
        pages.Reset();
        states.Reset();
        return all;
    }

    /// <summary>Calls <paramref name="action"/> for every sequence whose caller went away, after taking it out.</summary>
    public void RemoveAborted(Action<Sequence> action)
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            if (!_running[i].IsAborted) continue;
            var sequence = _running[i];
            Remove(sequence);
            action(sequence);
        }
        if (_waiting.Count == 0) return;
        for (var node = _waiting.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.IsAborted)
            {
                var sequence = node.Value;
                Remove(sequence);
                action(sequence);
            }
            node = next;
        }
    }

    private void Release(Sequence sequence)
    {
        pages.Release(sequence.Pages);
        states.Release(sequence.StateSlot);
        sequence.StateSlot = 0;
    }
}
