using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>The variable <c>loop</c> of a for loop. It looks ahead only when asked, as the iterable may be consumed by that.</summary>
internal sealed class LoopContext
{
    private readonly object? _iterable;
    private readonly Func<object?, long, object?>? _recurse;
    private IEnumerator<object?> _items;
    private object? _after = Missing.Value;
    private object? _current = Missing.Value;
    private object? _before = Missing.Value;
    private object?[]? _lastChanged;
    private long? _length;

    public LoopContext(object? iterable, long depth, Func<object?, long, object?>? recurse)
    {
        _iterable = iterable;
        _recurse = recurse;
        _items = Iteration.Of(iterable).GetEnumerator();
        Depth0 = depth;
    }

    public long Index0 { get; private set; } = -1;
    public long Index => Index0 + 1;
    public long Depth0 { get; }
    public bool IsFirst => Index0 == 0;
    public bool IsLast => Peek() is Missing;
    public object? Previous => IsFirst ? Undefined.Because("there is no previous item") : _before;

    public object? Next
    {
        get
        {
            var next = Peek();
            return next is Missing ? Undefined.Because("there is no next item") : next;
        }
    }

    public long Length(RenderBudget budget)
    {
        if (_length is { } known) return known;
        _length = Iteration.LengthOf(_iterable, budget);
        if (_length is null)
        {
            var rest = new List<object?>();
            while (_items.MoveNext())
            {
                budget.Items(1);
                rest.Add(_items.Current);
            }
            _items = rest.GetEnumerator();
            _length = rest.Count + Index + (_after is Missing ? 0 : 1);
        }
        return _length.Value;
    }

    public bool MoveNext(out object? item)
    {
        if (_after is not Missing)
        {
            item = _after;
            _after = Missing.Value;
        }
        else if (_items.MoveNext())
        {
            item = _items.Current;
        }
        else
        {
            item = null;
            return false;
        }
        Index0++;
        _before = _current;
        _current = item;
        return true;
    }

    public IEnumerable<object?> Pairs()
    {
        while (MoveNext(out var item)) yield return new PythonTuple([item, this]);
    }

    public object? Cycle(object?[] values) =>
        values.Length == 0 ? throw PythonTypes.TypeError("no items for cycling given") : values[Index0 % values.Length];

    public bool Changed(object?[] values, RenderBudget budget)
    {
        if (_lastChanged is not null && PythonEquality.AreEqual(new PythonTuple(_lastChanged), new PythonTuple(values), budget)) return false;
        _lastChanged = values;
        return true;
    }

    public object? Recurse(object? iterable) => _recurse is null
        ? throw PythonTypes.TypeError("The loop must have the 'recursive' marker to be called recursively.")
        : _recurse(iterable, Depth0 + 1);

    private object? Peek()
    {
        if (_after is Missing && _items.MoveNext()) _after = _items.Current;
        return _after;
    }
}
