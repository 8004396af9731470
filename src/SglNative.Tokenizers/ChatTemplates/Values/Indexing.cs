using SglNative.Tokenizers.ChatTemplates.Text;

namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>Items and slices of values.</summary>
internal static class Indexing
{
    /// <summary>Python's <c>value[key]</c>; false where that raises a TypeError or a LookupError.</summary>
    public static bool TryGetItem(object? value, object? key, RenderBudget budget, out object? item)
    {
        item = null;
        switch (value)
        {
            case Undefined undefined:
                throw undefined.Error();
            case PythonDict dict:
                return key is not (PythonList or PythonDict) && dict.TryGet(key, budget, out item);
            case PythonList list:
                if (!TryIndex(key, list.Items.Count, out var index)) return false;
                item = list.Items[index];
                return true;
            case PythonTuple tuple:
                if (!TryIndex(key, tuple.Items.Length, out index)) return false;
                item = tuple.Items[index];
                return true;
            case string text:
                return TryCharacter(text, key, budget, out item);
            case Markup markup:
                if (!TryCharacter(markup.Text, key, budget, out item)) return false;
                item = new Markup((string)item!);
                return true;
            case PythonRange range:
                if (!TryIndex(key, (int)range.Count, out index)) return false;
                item = range[index];
                return true;
            default:
                return false;
        }
    }

    public static object Slice(object? value, object? start, object? stop, object? step, RenderBudget budget)
    {
        switch (value)
        {
            case Undefined undefined:
                throw undefined.Error();
            case string text:
                return SliceText(text, start, stop, step, budget);
            case Markup markup:
                return new Markup(SliceText(markup.Text, start, stop, step, budget));
            case PythonList list:
                return new PythonList([.. SliceItems(list.Items, start, stop, step, budget)]);
            case PythonTuple tuple:
                return new PythonTuple(SliceItems(tuple.Items, start, stop, step, budget));
            case PythonRange range:
                var (first, count, stride) = Resolve(start, stop, step, (int)range.Count);
                var begin = range.Start + first * range.Step;
                return new PythonRange(begin, begin + count * stride * range.Step, stride * range.Step);
            case PythonDict:
                throw PythonTypes.TypeError("unhashable type: 'slice'");
            default:
                throw PythonTypes.TypeError($"'{PythonTypes.NameOf(value)}' object is not subscriptable");
        }
    }

    private static bool TryIndex(object? key, int count, out int index)
    {
        if (!PythonInteger.TryGetClamped(key, out index)) return false;
        if (index < 0) index += count;
        return index >= 0 && index < count;
    }

    private static bool TryCharacter(string text, object? key, RenderBudget budget, out object? character)
    {
        character = null;
        if (!PythonInteger.TryGetClamped(key, out _)) return false;
        if (PythonText.IsBasic(text))
        {
            if (!TryIndex(key, text.Length, out var at)) return false;
            character = PythonText.Character(text[at]);
            return true;
        }
        budget.Text(text.Length);
        if (!TryIndex(key, PythonText.Length(text), out var index)) return false;
        var offset = PythonText.Offset(text, index);
        character = char.IsHighSurrogate(text[offset]) && offset + 1 < text.Length ? text.Substring(offset, 2) : text.Substring(offset, 1);
        return true;
    }

    private static string SliceText(string text, object? start, object? stop, object? step, RenderBudget budget)
    {
        budget.Text(text.Length);
        if (!PythonText.IsBasic(text))
        {
            var characters = PythonText.Characters(text).ToArray();
            return string.Concat(SliceItems(characters, start, stop, step, budget));
        }
        var (first, count, stride) = Resolve(start, stop, step, text.Length);
        if (stride == 1) return text.Substring(first, count);
        return string.Create(count, (text, first, stride), static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = from.text[from.first + i * from.stride];
        });
    }

    private static T[] SliceItems<T>(IList<T> items, object? start, object? stop, object? step, RenderBudget budget)
    {
        var (first, count, stride) = Resolve(start, stop, step, items.Count);
        budget.Items(count);
        var result = new T[count];
        for (var i = 0; i < count; i++) result[i] = items[first + i * stride];
        return result;
    }

    private static (int First, int Count, int Step) Resolve(object? start, object? stop, object? step, int length)
    {
        var stride = Bound(step) ?? 1;
        if (stride == 0) throw PythonTypes.ValueError("slice step cannot be zero");
        var (low, high) = stride > 0 ? (0, length) : (-1, length - 1);
        var first = Clamp(Bound(start), stride > 0 ? low : high);
        var last = Clamp(Bound(stop), stride > 0 ? high : low);
        long count = stride > 0 ? ((long)last - first + stride - 1) / stride : ((long)first - last - stride - 1) / -(long)stride;
        // A stride beyond the length touches one element at most; the bound keeps index arithmetic from overflowing.
        return count <= 0 ? (0, 0, 1) : (first, (int)count, count == 1 ? 1 : stride);

        int Clamp(int? bound, int otherwise) =>
            bound is not { } value ? otherwise : (int)Math.Clamp(value < 0 ? (long)value + length : value, low, high);
    }

    private static int? Bound(object? bound)
    {
        if (bound is null) return null;
        if (bound is not Undefined && PythonInteger.TryGetClamped(bound, out var value)) return value;
        throw PythonTypes.TypeError("slice indices must be integers or None or have an __index__ method");
    }
}
