using System.Collections.Frozen;
using System.Numerics;
using SglNative.Tokenizers.ChatTemplates.Builtins;
using SglNative.Tokenizers.ChatTemplates.Execution;

namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>
/// Attributes and items as a sandboxed template sees them: <c>a.b</c> prefers the attribute, <c>a['b']</c> the item, private
/// attributes and methods that would change a list or a dict are out of reach.
/// </summary>
internal static class Attributes
{
    private static readonly FrozenSet<string> Private = new[]
    {
        "__class__", "__delattr__", "__dir__", "__doc__", "__eq__", "__format__", "__ge__", "__getattribute__", "__getstate__", "__gt__",
        "__hash__", "__init__", "__init_subclass__", "__le__", "__lt__", "__ne__", "__new__", "__reduce__", "__reduce_ex__", "__repr__",
        "__setattr__", "__sizeof__", "__str__", "__subclasshook__",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> PrivateOfContainers =
        new[] { "__len__", "__iter__", "__getitem__", "__contains__", "__add__", "__mul__", "__rmul__" }.ToFrozenSet();

    /// <summary>True for names that mean a key on a dict whatever the dict holds.</summary>
    public static bool IsPlainKey(string name) => DictMethods.Find(name) is null && !DictMethods.Mutating.Contains(name) && !name.StartsWith("__", StringComparison.Ordinal);

    /// <summary><c>value.name</c></summary>
    public static object? Get(object? value, string name, RenderState state)
    {
        if (TryGet(value, name, state, out var attribute)) return attribute;
        if (value is PythonDict dict && dict.TryGet(name, out var item)) return item;
        if (value is TemplateReference template && template.Blocks.TryGetValue(name, out var block)) return block;
        return Undefined.Element(value, name);
    }

    /// <summary><c>value[key]</c></summary>
    public static object? GetItem(object? value, object? key, RenderState state)
    {
        if (Indexing.TryGetItem(value, key, state.Budget, out var item)) return item;
        var name = key as string ?? (key as Markup)?.Text;
        if (name is not null)
        {
            if (value is TemplateReference template && template.Blocks.TryGetValue(name, out var block)) return block;
            if (TryGet(value, name, state, out var attribute)) return attribute;
        }
        return Undefined.Element(value, key);
    }

    /// <summary>Python's <c>getattr</c>, whose result is undefined where the sandbox forbids it.</summary>
    public static bool TryGet(object? value, string name, RenderState state, out object? attribute)
    {
        if (value is Undefined undefined) throw undefined.Error();
        if (name.StartsWith("__", StringComparison.Ordinal) && IsPrivate(value, name))
        {
            attribute = Undefined.Unsafe(value, name);
            return true;
        }
        attribute = Missing.Value;
        switch (value)
        {
            case string or Markup:
                attribute = Bind(StringMethods.Find(name), value);
                break;
            case PythonDict:
                attribute = DictMethods.Mutating.Contains(name) ? Undefined.Unsafe(value, name) : Bind(DictMethods.Find(name), value);
                break;
            case PythonList:
                attribute = SequenceMethods.Mutating.Contains(name) ? Undefined.Unsafe(value, name) : Bind(SequenceMethods.FindForList(name), value);
                break;
            case PythonTuple tuple:
                attribute = tuple.IsGroup && name is "grouper" or "list"
                    ? tuple.Items[name == "grouper" ? 0 : 1]
                    : Bind(SequenceMethods.FindForTuple(name), value);
                break;
            case NamespaceValue ns when ns.Attributes.TryGet(name, out var held):
                attribute = name.StartsWith('_') ? Undefined.Unsafe(value, name) : held;
                break;
            case LoopContext loop:
                attribute = OfLoop(loop, name, state);
                break;
            case PythonRange range:
                attribute = name switch
                {
                    "start" => PythonInteger.Box(range.Start),
                    "stop" => PythonInteger.Box(range.Stop),
                    "step" => PythonInteger.Box(range.Step),
                    _ => Bind(SequenceMethods.FindForTuple(name), value),
                };
                break;
            case bool or long or BigInteger or double:
                attribute = Bind(NumberMethods.Find(value, name, out var property), value);
                if (attribute is Missing) attribute = property;
                break;
            case Cycler cycler:
                attribute = name switch
                {
                    "current" => cycler.Current,
                    "items" => new PythonTuple(cycler.Items),
                    "pos" => PythonInteger.Box(cycler.Position),
                    "next" => new NativeFunction("next", "", (_, _) => cycler.Next()),
                    "reset" => new NativeFunction("reset", "", (_, _) => { cycler.Reset(); return null; }),
                    _ => Missing.Value,
                };
                break;
            case Joiner joiner:
                attribute = name switch { "sep" => joiner.Separator, "used" => PythonBoolean.Of(joiner.Used), _ => Missing.Value };
                break;
            case MacroValue macro:
                attribute = OfMacro(macro, name);
                break;
            case BlockReference block:
                attribute = name switch
                {
                    "name" => block.Name,
                    "super" => Undefined.Because($"there is no parent block called '{block.Name}'."),
                    _ => Missing.Value,
                };
                break;
            case NativeFunction { IsType: true } when name == "mro":
                attribute = Undefined.Unsafe(value, name);
                break;
        }
        return attribute is not Missing;
    }

    private static bool IsPrivate(object? value, string name) =>
        value is not NamespaceValue && (Private.Contains(name)
            || PrivateOfContainers.Contains(name) && value is string or Markup or PythonList or PythonDict or PythonTuple or PythonRange)
        || value is NamespaceValue && name == "__class__";

    private static object Bind(NativeFunction? method, object? value) => method is null ? Missing.Value : new BoundMethod(value, method);

    private static object? OfLoop(LoopContext loop, string name, RenderState state) => name switch
    {
        "index" => PythonInteger.Box(loop.Index),
        "index0" => PythonInteger.Box(loop.Index0),
        "first" => PythonBoolean.Of(loop.IsFirst),
        "last" => PythonBoolean.Of(loop.IsLast),
        "length" => PythonInteger.Box(loop.Length(state.Budget)),
        "revindex" => PythonInteger.Box(loop.Length(state.Budget) - loop.Index0),
        "revindex0" => PythonInteger.Box(loop.Length(state.Budget) - loop.Index),
        "previtem" => loop.Previous,
        "nextitem" => loop.Next,
        "depth" => PythonInteger.Box(loop.Depth0 + 1),
        "depth0" => PythonInteger.Box(loop.Depth0),
        "cycle" => new NativeFunction("cycle", "*args", (_, values) => loop.Cycle(((PythonTuple)values[0]!).Items)),
        "changed" => new NativeFunction(
            "changed", "*value", (current, values) => PythonBoolean.Of(loop.Changed(((PythonTuple)values[0]!).Items, current.Budget))),
        _ => Missing.Value,
    };

    private static object? OfMacro(MacroValue macro, string name) => name switch
    {
        "name" => macro.Name,
        "arguments" => new PythonTuple([.. macro.Parameters]),
        "catch_kwargs" => PythonBoolean.Of(macro.CatchesKeywords),
        "catch_varargs" => PythonBoolean.Of(macro.CatchesPositional),
        "caller" => PythonBoolean.Of(macro.AccessesCaller),
        "explicit_caller" => PythonBoolean.Of(macro.HasExplicitCaller),
        _ => Missing.Value,
    };
}
