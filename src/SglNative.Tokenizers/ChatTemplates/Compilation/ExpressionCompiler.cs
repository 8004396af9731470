using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>Turns expressions into delegates.</summary>
internal static class ExpressionCompiler
{
    public static Evaluator[] CompileAll(IReadOnlyList<Expression> expressions, Scope scope)
    {
        var evaluators = new Evaluator[expressions.Count];
        for (var i = 0; i < evaluators.Length; i++) evaluators[i] = Compile(expressions[i], scope);
        return evaluators;
    }

    /// <summary>Compiles a condition.</summary>
    public static Func<Activation, bool> CompileTest(Expression expression, Scope scope)
    {
        switch (expression)
        {
            case Binary { Operator: BinaryOperator.And } and:
                var (left, right) = (CompileTest(and.Left, scope), CompileTest(and.Right, scope));
                return a => left(a) && right(a);
            case Binary { Operator: BinaryOperator.Or } or:
                var (first, second) = (CompileTest(or.Left, scope), CompileTest(or.Right, scope));
                return a => first(a) || second(a);
            case Unary { Operator: UnaryOperator.Not } not:
                var operand = CompileTest(not.Operand, scope);
                return a => !operand(a);
            default:
                var value = Compile(expression, scope);
                return a => Iteration.IsTrue(value(a), a.State.Budget);
        }
    }

    public static Evaluator Compile(Expression expression, Scope scope)
    {
        switch (expression)
        {
            case Const constant:
                var value = constant.Value;
                return _ => value;
            case TemplateData data:
                var text = data.Text;
                return _ => text;
            case Name name:
                return VariableAccess.Read(scope, scope.Variable(name.Identifier, name), name.Identifier);
            case TupleExpression tuple:
                if (tuple.Items.Exists(item => item is Slice)) throw TemplateSyntax.Error("a slice cannot stand among other subscripts", tuple.Line);
                var items = CompileAll(tuple.Items, scope);
                return a => new PythonTuple(EvaluateAll(items, a));
            case ListExpression list:
                var elements = CompileAll(list.Items, scope);
                return a => new PythonList([.. EvaluateAll(elements, a)]);
            case DictExpression dict:
                return CompileDict(dict, scope);
            case Conditional conditional:
                return CompileConditional(conditional, scope);
            case Binary binary:
                return CompileBinary(binary, scope);
            case Unary unary:
                return CompileUnary(unary, scope);
            case Compare compare:
                return ComparisonCompiler.Compile(compare, scope);
            case Concat concat:
                return CompileConcat(concat, scope);
            case GetAttribute attribute:
                return CompileAttribute(attribute, scope);
            case GetItem { Key: Slice slice } item:
                return CompileSlice(item.Target, slice, scope);
            case GetItem item:
                return CompileItem(item, scope);
            case Call call:
                return CallCompiler.CompileCall(call, scope);
            case Filter filter:
                return CallCompiler.CompileFilter(filter, Compile(filter.Target!, scope), scope);
            case Test test:
                return CallCompiler.CompileTest(test, scope);
            default:
                throw TemplateSyntax.Error($"unexpected {expression.Kind}", expression.Line);
        }
    }

    public static object?[] EvaluateAll(Evaluator[] evaluators, Activation activation)
    {
        var values = new object?[evaluators.Length];
        for (var i = 0; i < values.Length; i++) values[i] = evaluators[i](activation);
        activation.State.Budget.Charge(values.Length);
        return values;
    }

    private static Evaluator CompileDict(DictExpression dict, Scope scope)
    {
        var keys = CompileAll([.. dict.Items.Select(item => item.Key)], scope);
        var values = CompileAll([.. dict.Items.Select(item => item.Value)], scope);
        return a =>
        {
            var result = new PythonDict(keys.Length);
            for (var i = 0; i < keys.Length; i++) result.Set(keys[i](a), values[i](a), a.State.Budget);
            a.State.Budget.Step();
            return result;
        };
    }

    private static Evaluator CompileConditional(Conditional conditional, Scope scope)
    {
        var soft = scope.Soft();
        var test = CompileTest(conditional.Test, soft);
        var then = Compile(conditional.Then, soft);
        if (conditional.Otherwise is { } otherwise)
        {
            var other = Compile(otherwise, soft);
            return a => test(a) ? then(a) : other(a);
        }
        var hint = $"the inline if-expression on line {conditional.Line} evaluated to false and no else section was defined.";
        return a => test(a) ? then(a) : Undefined.Because(hint);
    }

    private static Evaluator CompileBinary(Binary binary, Scope scope)
    {
        var left = Compile(binary.Left, scope);
        var right = Compile(binary.Right, scope);
        var op = binary.Operator;
        switch (op)
        {
            case BinaryOperator.And:
                return a =>
                {
                    var first = left(a);
                    return Iteration.IsTrue(first, a.State.Budget) ? right(a) : first;
                };
            case BinaryOperator.Or:
                return a =>
                {
                    var first = left(a);
                    return Iteration.IsTrue(first, a.State.Budget) ? first : right(a);
                };
            case BinaryOperator.Add:
                return a =>
                {
                    var (first, second) = (left(a), right(a));
                    var budget = a.State.Budget;
                    budget.Step();
                    if (first is not string text || second is not string other) return Arithmetic.Apply(BinaryOperator.Add, first, second, budget);
                    budget.Text((long)text.Length + other.Length);
                    return text + other;
                };
            default:
                return a =>
                {
                    var (first, second) = (left(a), right(a));
                    a.State.Budget.Step();
                    return Arithmetic.Apply(op, first, second, a.State.Budget);
                };
        }
    }

    private static Evaluator CompileUnary(Unary unary, Scope scope)
    {
        if (unary.Operator == UnaryOperator.Not)
        {
            var test = CompileTest(unary.Operand, scope);
            return a => PythonBoolean.Of(!test(a));
        }
        var operand = Compile(unary.Operand, scope);
        return unary.Operator == UnaryOperator.Neg ? a => Arithmetic.Negate(operand(a)) : a => Arithmetic.Plus(operand(a));
    }

    private static Evaluator CompileConcat(Concat concat, Scope scope)
    {
        var items = CompileAll(concat.Items, scope);
        Func<Activation, bool> escapes = scope.Escaping switch
        {
            Escaping.Off => _ => false,
            Escaping.On => _ => true,
            _ => a => a.State.Autoescape,
        };
        return a =>
        {
            var budget = a.State.Budget;
            var values = EvaluateAll(items, a);
            var isMarkup = escapes(a) && Array.Exists(values, value => value is Markup);
            var length = 0L;
            var texts = new string[values.Length];
            for (var i = 0; i < texts.Length; i++)
            {
                texts[i] = isMarkup ? Markup.EscapeValue(values[i], budget) : Representation.Str(values[i], budget);
                length += texts[i].Length;
            }
            budget.Text(length);
            var text = string.Concat(texts);
            return isMarkup ? new Markup(text) : text;
        };
    }

    private static Evaluator CompileAttribute(GetAttribute node, Scope scope)
    {
        var target = Compile(node.Target, scope);
        var name = node.Attribute;
        if (!Attributes.IsPlainKey(name))
            return a =>
            {
                a.State.Budget.Step();
                return Attributes.Get(target(a), name, a.State);
            };
        return a =>
        {
            a.State.Budget.Step();
            var value = target(a);
            if (value is not PythonDict dict) return Attributes.Get(value, name, a.State);
            return dict.TryGet(name, out var item) ? item : Undefined.Element(dict, name);
        };
    }

    private static Evaluator CompileItem(GetItem node, Scope scope)
    {
        var target = Compile(node.Target, scope);
        if (node.Key is Const { Value: string name })
            return a =>
            {
                a.State.Budget.Step();
                var value = target(a);
                return value is PythonDict dict && dict.TryGet(name, out var item) ? item : Attributes.GetItem(value, name, a.State);
            };
        var key = Compile(node.Key, scope);
        return a =>
        {
            a.State.Budget.Step();
            var value = target(a);
            return Attributes.GetItem(value, key(a), a.State);
        };
    }

    private static Evaluator CompileSlice(Expression targetNode, Slice slice, Scope scope)
    {
        var target = Compile(targetNode, scope);
        var start = slice.Start is null ? null : Compile(slice.Start, scope);
        var stop = slice.Stop is null ? null : Compile(slice.Stop, scope);
        var step = slice.Step is null ? null : Compile(slice.Step, scope);
        return a =>
        {
            a.State.Budget.Step();
            return Indexing.Slice(target(a), start?.Invoke(a), stop?.Invoke(a), step?.Invoke(a), a.State.Budget);
        };
    }
}
