using System.Collections.Frozen;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>The methods of lists, tuples and ranges that do not change them.</summary>
internal static class SequenceMethods
{
    private static readonly NativeFunction CountMethod = new("count", "/self value", (s, a) =>
    {
        long count = 0;
        foreach (var item in Iteration.Of(a[0]))
            if (PythonEquality.IsSame(item, a[1], s.Budget)) count++;
        return PythonInteger.Box(count);
    });

    private static readonly NativeFunction IndexMethod = new("index", "/self value start? stop?", Index);

    private static readonly NativeFunction CopyMethod = new("copy", "/self", (s, a) => new PythonList(Iteration.ToList(a[0], s.Budget)));

    /// <summary>The methods that would change a list.</summary>
    public static FrozenSet<string> Mutating { get; } =
        new[] { "append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove" }.ToFrozenSet();

    public static NativeFunction? FindForList(string name) => name == "copy" ? CopyMethod : FindForTuple(name);

    public static NativeFunction? FindForTuple(string name) => name switch
    {
        "count" => CountMethod,
        "index" => IndexMethod,
        _ => null,
    };

    private static object Index(RenderState state, object?[] a)
    {
        var count = (int)Iteration.LengthOf(a[0], state.Budget)!.Value;
        var start = Bound(a[2], 0, count);
        var stop = Bound(a[3], count, count);
        var i = 0;
        foreach (var item in Iteration.Of(a[0]))
        {
            if (i >= start && i < stop && PythonEquality.IsSame(item, a[1], state.Budget)) return PythonInteger.Box(i);
            i++;
        }
        throw PythonTypes.ValueError($"{Representation.Repr(a[1], state.Budget)} is not in {PythonTypes.NameOf(a[0])}");
    }

    private static int Bound(object? value, int otherwise, int count)
    {
        var bound = Argument.Integer(value, otherwise);
        return bound < 0 ? Math.Max(0, bound + count) : bound;
    }
}
