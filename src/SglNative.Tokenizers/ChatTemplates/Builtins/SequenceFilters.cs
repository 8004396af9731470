using System.Text;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>The filters that take a list, a dict or anything else that can be iterated.</summary>
internal static class SequenceFilters
{
    public static IEnumerable<NativeFunction> All { get; } =
    [
        new NativeFunction("length", "/obj", (s, a) => Length(s, a[0])),
        new NativeFunction("count", "/obj", (s, a) => Length(s, a[0])),
        new NativeFunction("list", "value", (s, a) => new PythonList(Iteration.ToList(a[0], s.Budget))),
        new NativeFunction("items", "value", (_, a) => new PythonIterator(Items(a[0]))),
        new NativeFunction("first", "seq", (_, a) => First(a[0])),
        new NativeFunction("last", "seq", Last),
        new NativeFunction("random", "seq", Random),
        new NativeFunction("join", "value d? attribute?", Join),
        new NativeFunction("reverse", "value", Reverse),
        new NativeFunction("sort", "value reverse? case_sensitive? attribute?", Sort),
        new NativeFunction("dictsort", "value case_sensitive? by? reverse?", DictSort),
        new NativeFunction("unique", "value case_sensitive? attribute?", (s, a) => new PythonIterator(Unique(s, a))),
        new NativeFunction("min", "value case_sensitive? attribute?", (s, a) => Extreme(s, a, CompareOperator.Less)),
        new NativeFunction("max", "value case_sensitive? attribute?", (s, a) => Extreme(s, a, CompareOperator.Greater)),
        new NativeFunction("sum", "iterable attribute? start?", Sum),
        new NativeFunction("batch", "value linecount fill_with?", (s, a) => new PythonIterator(Batch(s, a))),
        new NativeFunction("slice", "value slices fill_with?", (s, a) => new PythonIterator(Slice(s, a))),
        new NativeFunction("groupby", "value attribute default? case_sensitive?", GroupBy),
    ];

    private static object Length(RenderState state, object? value) => Iteration.LengthOf(value, state.Budget) is { } length
        ? PythonInteger.Box(length)
        : throw PythonTypes.TypeError($"object of type '{PythonTypes.NameOf(value)}' has no len()");

    private static IEnumerable<object?> Items(object? value)
    {
        if (value is Undefined) yield break;
        if (value is not PythonDict dict) throw PythonTypes.TypeError("Can only get item pairs from a mapping.");
        foreach (var entry in dict.Entries) yield return new PythonTuple([entry.Key, entry.Value]);
    }

    private static object? First(object? value)
    {
        foreach (var item in Iteration.Of(value)) return item;
        return Undefined.Because("No first item, sequence was empty.");
    }

    private static object? Last(RenderState state, object?[] a)
    {
        var value = a[0];
        if (value is PythonIterator or LoopContext || Iteration.TryOf(value) is null)
            throw PythonTypes.TypeError($"'{PythonTypes.NameOf(value)}' object is not reversible");
        if (value is Undefined) throw PythonTypes.TypeError("'Undefined' object is not reversible");
        var items = value is PythonList list ? list.Items : Iteration.ToList(value, state.Budget);
        object? none = Undefined.Because("No last item, sequence was empty.");
        return items.Count > 0 ? items[^1] : none;
    }

    private static object? Random(RenderState state, object?[] a)
    {
        var length = Iteration.LengthOf(a[0], state.Budget) ?? throw PythonTypes.TypeError($"object of type '{PythonTypes.NameOf(a[0])}' has no len()");
        return length == 0
            ? Undefined.Because("No random item, sequence was empty.")
            : Attributes.GetItem(a[0], PythonInteger.Box(System.Random.Shared.NextInt64(length)), state);
    }

    private static object Join(RenderState state, object?[] a)
    {
        var items = Iteration.Of(a[0]);
        if (a[2] is not (null or Missing)) items = items.Select(AttributePath.Getter(state, a[2]));
        var budget = state.Budget;
        var separator = a[1] is Missing ? "" : Representation.Str(a[1], budget);
        var parts = new List<object?>();
        foreach (var item in items)
        {
            budget.Items(1);
            parts.Add(item);
        }
        var isMarkup = state.Autoescape && (a[1] is Markup || parts.Exists(part => part is Markup));
        if (isMarkup && a[1] is not Markup) separator = Markup.Escape(separator);
        var result = new StringBuilder();
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0) result.Append(separator);
            result.Append(isMarkup ? Markup.EscapeValue(parts[i], budget) : Representation.Str(parts[i], budget));
            budget.CheckLength(result.Length);
        }
        budget.Text(result.Length);
        return isMarkup ? new Markup(result.ToString()) : result.ToString();
    }

    private static object Reverse(RenderState state, object?[] a)
    {
        switch (a[0])
        {
            case string or Markup:
                var text = Argument.TextOrNull(a[0])!;
                state.Budget.Text(text.Length);
                return StringMethods.Wrap(a[0], PythonText.Reverse(text));
            case PythonIterator or LoopContext or Undefined:
                var list = Iteration.ToList(a[0], state.Budget);
                list.Reverse();
                return new PythonList(list);
        }
        if (Iteration.TryOf(a[0]) is null) throw new ChatTemplateException(TemplateErrorKind.Runtime, "argument must be iterable");
        var items = Iteration.ToList(a[0], state.Budget);
        items.Reverse();
        return new PythonIterator(items, a[0] switch
        {
            PythonList => "list_reverseiterator",
            PythonTuple => "reversed",
            PythonRange => "range_iterator",
            PythonDict => "dict_reversekeyiterator",
            DictView view => $"dict_reverse{(view.Kind == DictViewKind.Keys ? "key" : view.Kind == DictViewKind.Values ? "value" : "item")}iterator",
            _ => "reversed",
        });
    }

    private static PythonList Sort(RenderState state, object?[] a)
    {
        var ignoreCase = !Argument.Flag(a[2], false, state.Budget);
        var key = AttributePath.MultiGetter(state, a[3], ignoreCase);
        var items = Iteration.ToList(a[0], state.Budget);
        return new PythonList(PythonOrder.Sort(items, key, Argument.Flag(a[1], false, state.Budget), state.Budget));
    }

    private static PythonList DictSort(RenderState state, object?[] a)
    {
        var by = a[2] is Missing ? "key" : Argument.TextOrNull(a[2]);
        if (by is not ("key" or "value"))
            throw new ChatTemplateException(TemplateErrorKind.Runtime, "You can only sort by either \"key\" or \"value\"");
        if (a[0] is Undefined undefined) throw undefined.Error();
        if (a[0] is not PythonDict dict) throw PythonTypes.TypeError($"'{PythonTypes.NameOf(a[0])}' object has no attribute 'items'");
        var ignoreCase = !Argument.Flag(a[1], false, state.Budget);
        var pairs = new DictView(dict, DictViewKind.Items).Items().ToList();
        var position = by == "key" ? 0 : 1;
        return new PythonList(PythonOrder.Sort(pairs, Key, Argument.Flag(a[3], false, state.Budget), state.Budget));

        object? Key(object? pair) => ((PythonTuple)pair!).Items[position] is var value && ignoreCase ? AttributePath.IgnoreCase(value) : value;
    }

    private static IEnumerable<object?> Unique(RenderState state, object?[] a)
    {
        var key = AttributePath.Getter(state, a[2], ignoreCase: !Argument.Flag(a[1], false, state.Budget));
        var seen = new PythonDict();
        foreach (var item in Iteration.Of(a[0]))
        {
            var count = seen.Count;
            seen.Set(key(item), null, state.Budget);
            if (seen.Count > count) yield return item;
        }
    }

    private static object? Extreme(RenderState state, object?[] a, CompareOperator op)
    {
        var key = AttributePath.Getter(state, a[2], ignoreCase: !Argument.Flag(a[1], false, state.Budget));
        object? best = Missing.Value, bestKey = null;
        foreach (var item in Iteration.Of(a[0]))
        {
            var itemKey = key(item);
            if (best is not Missing && !PythonOrder.Compare(itemKey, op, bestKey, state.Budget)) continue;
            (best, bestKey) = (item, itemKey);
        }
        return best is Missing ? Undefined.Because("No aggregated item, sequence was empty.") : best;
    }

    private static object? Sum(RenderState state, object?[] a)
    {
        var items = Iteration.Of(a[0]);
        if (a[1] is not (null or Missing)) items = items.Select(AttributePath.Getter(state, a[1]));
        var sum = a[2] is Missing ? PythonInteger.Box(0) : a[2];
        if (Argument.IsText(sum)) throw PythonTypes.TypeError("sum() can't sum strings [use ''.join(seq) instead]");
        foreach (var item in items)
        {
            state.Budget.Step();
            sum = Arithmetic.Apply(BinaryOperator.Add, sum, item, state.Budget);
        }
        return sum;
    }

    private static IEnumerable<object?> Batch(RenderState state, object?[] a)
    {
        var size = a[1];
        var batch = new List<object?>();
        foreach (var item in Iteration.Of(a[0]))
        {
            state.Budget.Items(1);
            if (PythonEquality.AreEqual(PythonInteger.Box(batch.Count), size, state.Budget))
            {
                yield return new PythonList(batch);
                batch = [];
            }
            batch.Add(item);
        }
        if (batch.Count == 0) yield break;
        if (a[2] is not (null or Missing))
        {
            var missing = Argument.Integer(size, 0) - (long)batch.Count;
            state.Budget.Items(Math.Max(missing, 0));
            for (; missing > 0; missing--) batch.Add(a[2]);
        }
        yield return new PythonList(batch);
    }

    private static IEnumerable<object?> Slice(RenderState state, object?[] a)
    {
        var items = Iteration.ToList(a[0], state.Budget);
        var slices = Argument.Integer(a[1], 0);
        if (slices == 0) throw new ChatTemplateException(TemplateErrorKind.ZeroDivision, "integer division or modulo by zero");
        if (slices < 0) yield break;
        var (size, extra) = (items.Count / slices, items.Count % slices);
        for (int i = 0, start = 0; i < slices; i++)
        {
            state.Budget.Step();
            var count = size + (i < extra ? 1 : 0);
            var slice = items.GetRange(start, count);
            if (a[2] is not (null or Missing) && i >= extra) slice.Add(a[2]);
            start += count;
            yield return new PythonList(slice);
        }
    }

    private static PythonList GroupBy(RenderState state, object?[] a)
    {
        var fallback = a[2] is Missing ? null : a[2];
        var ignoreCase = !Argument.Flag(a[3], false, state.Budget);
        var key = AttributePath.Getter(state, a[1], ignoreCase, fallback);
        var plain = AttributePath.Getter(state, a[1], false, fallback);
        var groups = new List<object?>();
        List<object?>? group = null;
        object? groupKey = null;
        foreach (var item in PythonOrder.Sort(Iteration.ToList(a[0], state.Budget), key, false, state.Budget))
        {
            var itemKey = key(item);
            if (group is null || !PythonEquality.IsSame(groupKey, itemKey, state.Budget))
            {
                (group, groupKey) = ([], itemKey);
                groups.Add(new PythonTuple([ignoreCase ? plain(item) : itemKey, new PythonList(group)], isGroup: true));
            }
            group.Add(item);
        }
        return new PythonList(groups);
    }
}
