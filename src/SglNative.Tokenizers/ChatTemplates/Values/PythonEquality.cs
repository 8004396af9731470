using System.Numerics;

namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>Equality and hashes: numbers by value whatever their type, text, containers by content, all else by identity.</summary>
internal static class PythonEquality
{
    /// <summary>Identical or equal: what lists and dicts use to find an element.</summary>
    public static bool IsSame(object? left, object? right, RenderBudget budget)
    {
        budget.Step();
        return ReferenceEquals(left, right) || AreEqual(left, right, budget);
    }

    public static bool AreEqual(object? left, object? right, RenderBudget budget)
    {
        budget.Step();
        if (left is Markup leftMarkup) left = leftMarkup.Text;
        if (right is Markup rightMarkup) right = rightMarkup.Text;
        return (left, right) switch
        {
            (string a, string b) => a == b,
            (null, null) => true,
            (null, _) or (_, null) => false,
            (Undefined, Undefined) => true,
            (PythonList a, PythonList b) => SequenceEqual(a.Items, b.Items, budget),
            (PythonTuple a, PythonTuple b) => SequenceEqual(a.Items, b.Items, budget),
            (PythonDict a, PythonDict b) => DictEqual(a, b, budget),
            (PythonRange a, PythonRange b) =>
                a.Count == b.Count && (a.Count == 0 || a.Start == b.Start && (a.Count == 1 || a.Step == b.Step)),
            (DictView { Kind: not DictViewKind.Values } a, DictView { Kind: not DictViewKind.Values } b) => ViewEqual(a, b, budget),
            _ => Numbers.TryCompare(left, right, out var order) ? order == 0 : ReferenceEquals(left, right),
        };
    }

    /// <exception cref="ChatTemplateException">The value is a list or a dict, or holds one.</exception>
    public static int Hash(object? value, RenderBudget budget)
    {
        switch (value)
        {
            case string text: return text.GetHashCode();
            case Markup markup: return markup.Text.GetHashCode();
            case null: return 1;
            case long number: return number.GetHashCode();
            case bool flag: return (flag ? 1L : 0L).GetHashCode();
            case BigInteger big: return big.GetHashCode();
            case double real: return HashReal(real);
            case Undefined: return 2;
            case PythonRange range: return HashCode.Combine(range.Count, range.Count > 0 ? range.Start : 0, range.Count > 1 ? range.Step : 0);
            case PythonTuple tuple:
                budget.Enter();
                var hash = new HashCode();
                foreach (var item in tuple.Items) hash.Add(Hash(item, budget));
                budget.Leave();
                return hash.ToHashCode();
            case PythonList or PythonDict or DictView { Kind: not DictViewKind.Values }:
                throw new ChatTemplateException(TemplateErrorKind.Type, $"unhashable type: '{PythonTypes.NameOf(value)}'");
            default: return System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value);
        }
    }

    private static int HashReal(double real)
    {
        if (!double.IsFinite(real) || Math.Floor(real) != real) return real.GetHashCode();
        return Math.Abs(real) < 9.2e18 ? ((long)real).GetHashCode() : new BigInteger(real).GetHashCode();
    }

    private static bool SequenceEqual(IList<object?> left, IList<object?> right, RenderBudget budget)
    {
        if (left.Count != right.Count) return false;
        budget.Enter();
        for (var i = 0; i < left.Count; i++)
        {
            if (IsSame(left[i], right[i], budget)) continue;
            budget.Leave();
            return false;
        }
        budget.Leave();
        return true;
    }

    private static bool DictEqual(PythonDict left, PythonDict right, RenderBudget budget)
    {
        if (left.Count != right.Count) return false;
        budget.Enter();
        foreach (var entry in left.Entries)
        {
            if (right.TryGet(entry.Key, budget, out var other) && IsSame(entry.Value, other, budget)) continue;
            budget.Leave();
            return false;
        }
        budget.Leave();
        return true;
    }

    private static bool ViewEqual(DictView left, DictView right, RenderBudget budget)
    {
        if (left.Kind != right.Kind || left.Dict.Count != right.Dict.Count) return false;
        foreach (var entry in left.Dict.Entries)
        {
            if (!right.Dict.TryGet(entry.Key, budget, out var other)) return false;
            if (left.Kind == DictViewKind.Items && !IsSame(entry.Value, other, budget)) return false;
        }
        return true;
    }
}
