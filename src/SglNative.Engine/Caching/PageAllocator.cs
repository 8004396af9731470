namespace SglNative.Engine.Caching;

/// <summary>Hands out the pages of the KV pool. Page 0 is never given out: padding tokens of captured steps write there.</summary>
public sealed class PageAllocator
{
    private readonly int[] _free;
    private readonly bool[] _used;
    private int _freeCount;

    /// <summary>An allocator of <paramref name="pages"/> pages, of which all but the first can be used.</summary>
    public PageAllocator(int pages, int pageSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pages, 2);
        PageSize = pageSize;
        Capacity = pages - 1;
        _free = new int[Capacity];
        _used = new bool[pages];
        Reset();
    }

    /// <summary>Tokens in a page.</summary>
    public int PageSize { get; }

    /// <summary>Pages that can be used at once.</summary>
    public int Capacity { get; }

    /// <summary>Pages that are free now.</summary>
    public int Free => _freeCount;

    /// <summary>Pages that hold <paramref name="tokens"/> tokens.</summary>
    public int PagesFor(int tokens) => (tokens + PageSize - 1) / PageSize;

    /// <summary>Adds pages to <paramref name="pages"/> until it holds <paramref name="count"/>; false, with nothing changed, when too few are free.</summary>
    public bool TryGrow(List<int> pages, int count)
    {
        var missing = count - pages.Count;
        if (missing > _freeCount) return false;
        for (var i = 0; i < missing; i++)
        {
            var page = _free[--_freeCount];
            _used[page] = true;
            pages.Add(page);
        }
        return true;
    }

    /// <summary>Takes back every page, whoever has it.</summary>
    public void Reset()
    {
        Array.Clear(_used);
        for (var i = 0; i < Capacity; i++) _free[i] = Capacity - i;
        _freeCount = Capacity;
    }

    /// <summary>Takes back all pages of a sequence.</summary>
    /// <exception cref="InvalidOperationException">A page was not in use: the accounting is broken.</exception>
    public void Release(List<int> pages)
    {
        foreach (var page in pages)
        {
            if (!_used[page]) throw new InvalidOperationException($"page {page} is given back twice");
            _used[page] = false;
            _free[_freeCount++] = page;
        }
        pages.Clear();
    }
}
