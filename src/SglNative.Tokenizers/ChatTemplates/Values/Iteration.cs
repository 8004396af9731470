using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Text;

namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>Iterating over values.</summary>
internal static class Iteration
{
    /// <summary>The items of a value; null where it cannot be iterated.</summary>
    public static IEnumerable<object?>? TryOf(object? value) => value switch
    {
        PythonList list => list.Items,
        PythonTuple tuple => tuple.Items,
        PythonDict dict => dict.Entries.Select(entry => entry.Key),
        string text => PythonText.Characters(text),
        Markup markup => PythonText.Characters(markup.Text),
        PythonRange range => range.Items(),
        DictView view => view.Items(),
        PythonIterator iterator => Drain(iterator.Enumerator),
        LoopContext loop => loop.Pairs(),
        Undefined => [],
        _ => null,
    };

    /// <exception cref="ChatTemplateException">The value cannot be iterated.</exception>
    public static IEnumerable<object?> Of(object? value) =>
        TryOf(value) ?? throw PythonTypes.TypeError($"'{PythonTypes.NameOf(value)}' object is not iterable");

    /// <summary>The items, gathered and accounted for.</summary>
    public static List<object?> ToList(object? value, RenderBudget budget)
    {
        if (value is PythonList list)
        {
            budget.Items(list.Items.Count);
            return [.. list.Items];
        }
        var items = new List<object?>();
        foreach (var item in Of(value))
        {
            budget.Items(1);
            items.Add(item);
        }
        return items;
    }

    /// <summary>The length; null where a value has none.</summary>
    public static long? LengthOf(object? value, RenderBudget budget)
    {
        switch (value)
        {
            case string text:
                budget.Text(text.Length);
                return PythonText.Length(text);
            case Markup markup: return PythonText.Length(markup.Text);
            case PythonList list: return list.Items.Count;
            case PythonTuple tuple: return tuple.Items.Length;
            case PythonDict dict: return dict.Count;
            case PythonRange range: return range.Count;
            case DictView view: return view.Dict.Count;
            case LoopContext loop: return loop.Length(budget);
            case Undefined: return 0;
            default: return null;
        }
    }

    public static bool IsTrue(object? value, RenderBudget budget) => value switch
    {
        null => false,
        bool flag => flag,
        string text => text.Length > 0,
        long number => number != 0,
        double real => real != 0,
        PythonList list => list.Items.Count > 0,
        PythonDict dict => dict.Count > 0,
        System.Numerics.BigInteger big => !big.IsZero,
        Markup markup => markup.Text.Length > 0,
        _ => LengthOf(value, budget) is not 0,
    };

    public static bool Contains(object? container, object? item, RenderBudget budget)
    {
        switch (container)
        {
            case string or Markup:
                var text = container as string ?? ((Markup)container).Text;
                budget.Text(text.Length);
                if (item is string part) return text.Contains(part, StringComparison.Ordinal);
                if (item is Markup markup) return text.Contains(markup.Text, StringComparison.Ordinal);
                throw PythonTypes.TypeError($"'in <string>' requires string as left operand, not {PythonTypes.NameOf(item)}");
            case PythonDict dict:
                return dict.TryGet(item, budget, out _);
            case DictView { Kind: DictViewKind.Keys } view:
                return view.Dict.TryGet(item, budget, out _);
            case PythonRange range when Numbers.IsNumber(item):
                return item is long or bool
                    ? PythonInteger.TryGet(item, out var integer) && range.Contains((long)integer)
                    : item is double real && Math.Floor(real) == real && Math.Abs(real) < 1e18 && range.Contains((long)real);
        }
        var items = TryOf(container) ?? throw PythonTypes.TypeError($"argument of type '{PythonTypes.NameOf(container)}' is not iterable");
        foreach (var candidate in items)
            if (PythonEquality.IsSame(candidate, item, budget)) return true;
        return false;
    }

    private static IEnumerable<object?> Drain(IEnumerator<object?> enumerator)
    {
        while (enumerator.MoveNext()) yield return enumerator.Current;
    }
}
