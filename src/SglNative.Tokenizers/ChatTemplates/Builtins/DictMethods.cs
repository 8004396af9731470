using System.Collections.Frozen;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>The methods of dicts that do not change them.</summary>
internal static class DictMethods
{
    private static readonly FrozenDictionary<string, NativeFunction> Methods = new[]
    {
        new NativeFunction("get", "/self key default?", (s, a) =>
            ((PythonDict)a[0]!).TryGet(a[1], s.Budget, out var value) ? value : a[2] is Missing ? null : a[2]),
        new NativeFunction("items", "/self", (_, a) => new DictView((PythonDict)a[0]!, DictViewKind.Items)),
        new NativeFunction("keys", "/self", (_, a) => new DictView((PythonDict)a[0]!, DictViewKind.Keys)),
        new NativeFunction("values", "/self", (_, a) => new DictView((PythonDict)a[0]!, DictViewKind.Values)),
        new NativeFunction("copy", "/self", (s, a) => Copy((PythonDict)a[0]!, s.Budget)),
        new NativeFunction("fromkeys", "/self iterable value?", FromKeys),
    }.ToFrozenDictionary(method => method.Name);

    /// <summary>The methods that would change the dict.</summary>
    public static FrozenSet<string> Mutating { get; } = new[] { "clear", "pop", "popitem", "setdefault", "update" }.ToFrozenSet();

    public static NativeFunction? Find(string name) => Methods.GetValueOrDefault(name);

    public static PythonDict Copy(PythonDict dict, RenderBudget budget)
    {
        var copy = new PythonDict(dict.Count);
        foreach (var entry in dict.Entries) copy.Set(entry.Key, entry.Value, budget);
        return copy;
    }

    private static PythonDict FromKeys(RenderState state, object?[] a)
    {
        var dict = new PythonDict();
        foreach (var key in Iteration.Of(a[1])) dict.Set(key, a[2] is Missing ? null : a[2], state.Budget);
        return dict;
    }
}
