using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>The filters that choose: among values, attributes, and other filters and tests.</summary>
internal static class SelectionFilters
{
    public static IEnumerable<NativeFunction> All { get; } =
    [
        Default("default"),
        Default("d"),
        new NativeFunction("attr", "obj name", (s, a) => Attribute(s, a[0], a[1])),
        new NativeFunction("map", "value *args **kwargs", (s, a) => new PythonIterator(Map(s, a))),
        Select("select", byAttribute: false, wanted: true),
        Select("reject", byAttribute: false, wanted: false),
        Select("selectattr", byAttribute: true, wanted: true),
        Select("rejectattr", byAttribute: true, wanted: false),
    ];

    private static NativeFunction Default(string name) => new(name, "value default_value? boolean?", (s, a) =>
        a[0] is Undefined || Argument.Flag(a[2], false, s.Budget) && !Iteration.IsTrue(a[0], s.Budget) ? a[1] is Missing ? "" : a[1] : a[0]);

    private static object? Attribute(RenderState state, object? value, object? name)
    {
        var text = Argument.Text(name, "attribute name");
        return Attributes.TryGet(value, text, state, out var attribute) ? attribute : Undefined.Element(value, name);
    }

    private static IEnumerable<object?> Map(RenderState state, object?[] a)
    {
        if (!Iteration.IsTrue(a[0], state.Budget)) yield break;
        var map = MapFunction(state, ((PythonTuple)a[1]!).Items, (PythonDict)a[2]!);
        foreach (var item in Iteration.Of(a[0]))
        {
            state.Budget.Step();
            yield return map(item);
        }
    }

    private static Func<object?, object?> MapFunction(RenderState state, object?[] positional, PythonDict keywords)
    {
        if (positional.Length == 0 && keywords.TryGet("attribute", out var attribute))
        {
            keywords.TryGet("default", out var fallback);
            foreach (var entry in keywords.Entries)
                if (entry.Key is not ("attribute" or "default"))
                    throw Misuse($"Unexpected keyword argument {Representation.Repr(entry.Key, state.Budget)}");
            return AttributePath.Getter(state, attribute, fallback: fallback);
        }
        if (positional.Length == 0) throw Misuse("map requires a filter argument");
        var name = Argument.TextOrNull(positional[0]);
        var filter = name is null ? null : Filters.Find(name);
        if (filter is null) throw Misuse($"No filter named {Representation.Repr(positional[0], state.Budget)}.");
        var arguments = new Arguments(positional[1..], Keywords(keywords));
        return item => filter.Call(state, arguments.Prepend(item));
    }

    private static NativeFunction Select(string name, bool byAttribute, bool wanted) =>
        new(name, "value *args **kwargs", (s, a) => new PythonIterator(Select(s, a, byAttribute, wanted)));

    private static IEnumerable<object?> Select(RenderState state, object?[] a, bool byAttribute, bool wanted)
    {
        if (!Iteration.IsTrue(a[0], state.Budget)) yield break;
        var test = TestFunction(state, ((PythonTuple)a[1]!).Items, (PythonDict)a[2]!, byAttribute);
        foreach (var item in Iteration.Of(a[0]))
        {
            state.Budget.Step();
            if (test(item) == wanted) yield return item;
        }
    }

    private static Func<object?, bool> TestFunction(RenderState state, object?[] positional, PythonDict keywords, bool byAttribute)
    {
        var get = (object? item) => item;
        if (byAttribute)
        {
            if (positional.Length == 0) throw Misuse("Missing parameter for attribute name");
            get = AttributePath.Getter(state, positional[0]);
            positional = positional[1..];
        }
        if (positional.Length == 0) return item => Iteration.IsTrue(get(item), state.Budget);
        var name = Argument.TextOrNull(positional[0]);
        var test = name is null ? null : Tests.Find(name);
        if (test is null) throw Misuse($"No test named {Representation.Repr(positional[0], state.Budget)}.");
        var arguments = new Arguments(positional[1..], Keywords(keywords));
        return item => Iteration.IsTrue(test.Call(state, arguments.Prepend(get(item))), state.Budget);
    }

    private static KeyValuePair<string, object?>[] Keywords(PythonDict keywords) =>
        [.. keywords.Entries.Select(entry => new KeyValuePair<string, object?>((string)entry.Key!, entry.Value))];

    private static ChatTemplateException Misuse(string message) => new(TemplateErrorKind.Runtime, message);
}
