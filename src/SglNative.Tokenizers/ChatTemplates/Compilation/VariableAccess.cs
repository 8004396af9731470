using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>Reading and setting variables, which may belong to a function further out.</summary>
internal static class VariableAccess
{
    public static Evaluator Read(Scope scope, Variable variable, string name)
    {
        var slot = variable.Slot;
        return (scope.Function.Depth - variable.Function.Depth) switch
        {
            0 => a => Defined(a.Slots[slot], name),
            1 => a => Defined(a.Outer!.Slots[slot], name),
            var hops => a => Defined(Climb(a, hops).Slots[slot], name),
        };
    }

    /// <summary>Reads a variable that may be unset.</summary>
    public static Evaluator ReadRaw(FunctionLayout function, Variable variable)
    {
        var (slot, hops) = (variable.Slot, function.Depth - variable.Function.Depth);
        return a => Climb(a, hops).Slots[slot];
    }

    public static Action<Activation, object?> Write(Scope scope, Variable variable)
    {
        var (slot, hops) = (variable.Slot, scope.Function.Depth - variable.Function.Depth);
        return hops == 0 ? (a, value) => a.Slots[slot] = value : (a, value) => Climb(a, hops).Slots[slot] = value;
    }

    /// <summary>Assigns to a name, an attribute of a namespace, or a tuple of those.</summary>
    public static Action<Activation, object?> Assign(Expression target, Scope scope)
    {
        switch (target)
        {
            case Name name:
                return Write(scope, scope.Variable(name.Identifier, name));
            case NamespaceReference reference:
                var read = ReadRaw(scope.Function, scope.Variable(reference.Identifier, reference));
                return (a, value) =>
                {
                    if (read(a) is not NamespaceValue ns) throw NotANamespace();
                    ns.Attributes.Set(reference.Attribute, value, a.State.Budget);
                };
            case TupleExpression tuple:
                return Unpack([.. tuple.Items.Select(item => Assign(item, scope))]);
            default:
                throw TemplateSyntax.Error($"can't assign to '{target.Kind}'", target.Line);
        }
    }

    public static ChatTemplateException NotANamespace() => new(TemplateErrorKind.Runtime, "cannot assign attribute on non-namespace object");

    /// <summary>What happens to the variables of a scope when it is entered.</summary>
    public static Executor Enter(Scope scope)
    {
        var steps = new List<Action<Activation>>();
        foreach (var (variable, load) in scope.Symbols.Loads)
        {
            var write = Write(scope, variable);
            switch (load.Kind)
            {
                case LoadKind.Resolve:
                    steps.Add(a => write(a, a.State.Resolve(variable.Name)));
                    break;
                case LoadKind.Alias:
                    var read = ReadRaw(scope.Function, load.Source!);
                    steps.Add(a => write(a, read(a)));
                    break;
                case LoadKind.Undefined:
                    steps.Add(a => write(a, Missing.Value));
                    break;
            }
        }
        return Sequence([.. steps]);
    }

    /// <summary>What happens to the variables of a scope when it is left.</summary>
    public static Executor Leave(Scope scope)
    {
        var slots = scope.Symbols.Loads.Keys.Where(variable => variable.Function == scope.Function).Select(variable => variable.Slot).ToArray();
        return a =>
        {
            foreach (var slot in slots) a.Slots[slot] = Missing.Value;
            return Flow.Next;
        };
    }

    private static Executor Sequence(Action<Activation>[] steps) => steps.Length == 0
        ? _ => Flow.Next
        : a =>
        {
            foreach (var step in steps) step(a);
            return Flow.Next;
        };

    private static Action<Activation, object?> Unpack(Action<Activation, object?>[] targets) => (a, value) =>
    {
        var values = new List<object?>(targets.Length);
        foreach (var item in Iteration.TryOf(value) ?? throw PythonTypes.TypeError($"cannot unpack non-iterable {PythonTypes.NameOf(value)} object"))
        {
            if (values.Count == targets.Length) throw PythonTypes.ValueError($"too many values to unpack (expected {targets.Length})");
            values.Add(item);
        }
        if (values.Count < targets.Length)
            throw PythonTypes.ValueError($"not enough values to unpack (expected {targets.Length}, got {values.Count})");
        for (var i = 0; i < targets.Length; i++) targets[i](a, values[i]);
    };

    private static object? Defined(object? value, string name) => value is Missing ? Undefined.Variable(name) : value;

    private static Activation Climb(Activation activation, int hops)
    {
        for (; hops > 0; hops--) activation = activation.Outer!;
        return activation;
    }
}
