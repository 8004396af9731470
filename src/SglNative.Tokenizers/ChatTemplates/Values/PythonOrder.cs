using SglNative.Tokenizers.ChatTemplates.Syntax;

namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>The comparisons <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c> and <c>&gt;=</c>.</summary>
internal static class PythonOrder
{
    public static bool Compare(object? left, CompareOperator op, object? right, RenderBudget budget)
    {
        if (left is long a && right is long b) return Holds(a.CompareTo(b), op);
        if (left is Undefined undefined) throw undefined.Error();
        if (Numbers.TryCompare(left, right, out var order)) return Holds(order, op);
        if (left is Markup leftMarkup) left = leftMarkup.Text;
        if (right is Markup rightMarkup) right = rightMarkup.Text;
        switch (left, right)
        {
            case (string x, string y): return Holds(CompareText(x, y), op);
            case (PythonList x, PythonList y): return CompareSequences(x.Items, y.Items, op, budget);
            case (PythonTuple x, PythonTuple y): return CompareSequences(x.Items, y.Items, op, budget);
            case (_, Undefined other): throw other.Error();
            default:
                throw new ChatTemplateException(
                    TemplateErrorKind.Type,
                    $"'{Symbol(op)}' not supported between instances of '{PythonTypes.NameOf(left)}' and '{PythonTypes.NameOf(right)}'");
        }
    }

    public static bool IsLess(object? left, object? right, RenderBudget budget) => Compare(left, CompareOperator.Less, right, budget);

    /// <summary>Sorts as Python does: stable, and failing where two elements cannot be compared.</summary>
    public static List<object?> Sort(IReadOnlyList<object?> items, Func<object?, object?> key, bool reverse, RenderBudget budget)
    {
        var keyed = new (object? Key, object? Item)[items.Count];
        for (var i = 0; i < keyed.Length; i++) keyed[i] = (key(items[i]), items[i]);
        if (reverse) Array.Reverse(keyed);
        MergeSort(keyed, new (object?, object?)[keyed.Length], 0, keyed.Length, budget);
        if (reverse) Array.Reverse(keyed);
        return [.. keyed.Select(pair => pair.Item)];
    }

    private static void MergeSort((object? Key, object? Item)[] items, (object? Key, object? Item)[] scratch, int start, int end, RenderBudget budget)
    {
        if (end - start < 2) return;
        var middle = (start + end) / 2;
        MergeSort(items, scratch, start, middle, budget);
        MergeSort(items, scratch, middle, end, budget);
        budget.Charge(end - start);
        int left = start, right = middle;
        for (var i = start; i < end; i++)
        {
            var takeRight = left == middle || right < end && IsLess(items[right].Key, items[left].Key, budget);
            scratch[i] = takeRight ? items[right++] : items[left++];
        }
        Array.Copy(scratch, start, items, start, end - start);
    }

    /// <summary>Compares by code points, which differs from UTF-16 order above U+FFFF.</summary>
    private static int CompareText(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length) return left.Length.CompareTo(right.Length);
        char a = left[common], b = right[common];
        var aIsPart = char.IsSurrogate(a);
        return aIsPart == char.IsSurrogate(b) ? a.CompareTo(b) : aIsPart ? 1 : -1;
    }

    private static bool CompareSequences(IList<object?> left, IList<object?> right, CompareOperator op, RenderBudget budget)
    {
        budget.Enter();
        for (var i = 0; i < left.Count && i < right.Count; i++)
        {
            if (PythonEquality.IsSame(left[i], right[i], budget)) continue;
            var result = Compare(left[i], op, right[i], budget);
            budget.Leave();
            return result;
        }
        budget.Leave();
        return Holds(left.Count.CompareTo(right.Count), op);
    }

    private static bool Holds(int order, CompareOperator op) => order != 2 && op switch
    {
        CompareOperator.Less => order < 0,
        CompareOperator.LessOrEqual => order <= 0,
        CompareOperator.Greater => order > 0,
        _ => order >= 0,
    };

    private static string Symbol(CompareOperator op) => op switch
    {
        CompareOperator.Less => "<",
        CompareOperator.LessOrEqual => "<=",
        CompareOperator.Greater => ">",
        _ => ">=",
    };
}
