using System.Collections.Frozen;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>The functions that every chat template can call.</summary>
internal static class Globals
{
    private const int MaxRange = 100_000;

    private static readonly FrozenDictionary<string, NativeFunction> Functions = new[]
    {
        new NativeFunction("range", "/start stop? step?", Range, isType: true),
        new NativeFunction("dict", "*args **kwargs", ToDict, isType: true),
        new NativeFunction("namespace", "*args **kwargs", (s, a) => new NamespaceValue(ToDict(s, a)), isType: true),
        new NativeFunction("cycler", "*items", (_, a) => ((PythonTuple)a[0]!).Items is { Length: > 0 } items
            ? new Cycler(items)
            : throw new ChatTemplateException(TemplateErrorKind.Runtime, "at least one item has to be provided"), isType: true),
        new NativeFunction("joiner", "sep?", (_, a) => new Joiner(a[0] is Missing ? ", " : a[0]), isType: true),
        new NativeFunction("lipsum", "n? html? min? max?", LoremIpsum.Write),
        new NativeFunction("raise_exception", "message", (s, a) =>
            throw new ChatTemplateException(TemplateErrorKind.Raised, Representation.Str(a[0], s.Budget))),
        new NativeFunction("strftime_now", "format", (s, a) =>
            ClockText.Format(s.Now(), Argument.Text(a[0], "strftime() argument 1"), s.Budget)),
    }.ToFrozenDictionary(function => function.Name);

    /// <summary>The function of a name; <see cref="Missing"/> where there is none.</summary>
    public static object Find(string name) => Functions.TryGetValue(name, out var function) ? function : Missing.Value;

    private static PythonRange Range(RenderState state, object?[] a)
    {
        var bounds = a.Where(Argument.IsGiven).Select(Bound).ToArray();
        var (start, stop, step) = bounds.Length switch { 1 => (0, bounds[0], 1), 2 => (bounds[0], bounds[1], 1), _ => (bounds[0], bounds[1], bounds[2]) };
        if (step == 0) throw PythonTypes.ValueError("range() arg 3 must not be zero");
        var range = new PythonRange(start, stop, step);
        if (range.Count is < 0 or > MaxRange)
            throw new ChatTemplateException(
                TemplateErrorKind.Overflow, $"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MaxRange}).");
        return range;
    }

    private static long Bound(object? value) => value switch
    {
        long integer => Math.Clamp(integer, -(1L << 60), 1L << 60),
        Undefined or string or double => throw PythonTypes.TypeError($"'{PythonTypes.NameOf(value)}' object cannot be interpreted as an integer"),
        _ => Argument.Integer(value, 0),
    };

    private static PythonDict ToDict(RenderState state, object?[] a)
    {
        var positional = ((PythonTuple)a[0]!).Items;
        if (positional.Length > 1) throw PythonTypes.TypeError($"dict expected at most 1 argument, got {positional.Length}");
        var dict = new PythonDict();
        if (positional.Length == 1)
        {
            if (positional[0] is PythonDict other) dict = DictMethods.Copy(other, state.Budget);
            else
                foreach (var item in Iteration.Of(positional[0]))
                    AddPair(dict, item, state.Budget);
        }
        foreach (var entry in ((PythonDict)a[1]!).Entries) dict.Set(entry.Key, entry.Value, state.Budget);
        return dict;
    }

    private static void AddPair(PythonDict dict, object? pair, RenderBudget budget)
    {
        if (Iteration.TryOf(pair) is null) throw PythonTypes.TypeError("cannot convert dictionary update sequence element to a sequence");
        var items = Iteration.ToList(pair, budget);
        if (items.Count != 2) throw PythonTypes.ValueError($"dictionary update sequence element has length {items.Count}; 2 is required");
        dict.Set(items[0], items[1], budget);
    }
}
