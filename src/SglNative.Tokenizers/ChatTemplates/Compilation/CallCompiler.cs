using SglNative.Tokenizers.ChatTemplates.Builtins;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>Turns calls, filters and tests into delegates.</summary>
internal static class CallCompiler
{
    public static Evaluator CompileCall(Call call, Scope scope, Evaluator? caller = null)
    {
        if (caller is null && call.Target is GetAttribute attribute && call.Arguments.IsPlain) return CompileMethodCall(attribute, call, scope);
        var callee = ExpressionCompiler.Compile(call.Target, scope);
        var arguments = CompileArguments(call.Arguments, scope, caller);
        return a =>
        {
            a.State.Budget.Step();
            var function = callee(a);
            if (function is Undefined undefined) throw undefined.Error();
            return Calls.Invoke(function, a.State, arguments(a, null));
        };
    }

    public static Evaluator CompileFilter(Filter filter, Evaluator target, Scope scope)
    {
        var function = Filters.Find(filter.Identifier);
        if (function is null && !scope.IsSoft) throw TemplateSyntax.Error($"No filter named '{filter.Identifier}'.", filter.Line);
        var arguments = CompileArguments(filter.Arguments, scope, null);
        return a =>
        {
            a.State.Budget.Step();
            var bound = arguments(a, target);
            if (function is null) throw new ChatTemplateException(TemplateErrorKind.Runtime, $"No filter named '{filter.Identifier}' found.");
            return function.Call(a.State, bound);
        };
    }

    public static Evaluator CompileTest(Test test, Scope scope)
    {
        var function = Tests.Find(test.Identifier);
        if (function is null && !scope.IsSoft) throw TemplateSyntax.Error($"No test named '{test.Identifier}'.", test.Line);
        var target = ExpressionCompiler.Compile(test.Target, scope);
        if (test.Arguments.IsPlain && test.Arguments.Positional.Count == 0 && Tests.FindSimple(test.Identifier) is { } simple)
            return a => PythonBoolean.Of(simple(target(a)));
        var arguments = CompileArguments(test.Arguments, scope, null);
        return a =>
        {
            a.State.Budget.Step();
            var bound = arguments(a, target);
            if (function is null) throw new ChatTemplateException(TemplateErrorKind.Runtime, $"No test named '{test.Identifier}' found.");
            return function.Call(a.State, bound);
        };
    }

    /// <summary>A call of <c>value.method(…)</c> reaches methods of texts and dicts without binding them first.</summary>
    private static Evaluator CompileMethodCall(GetAttribute attribute, Call call, Scope scope)
    {
        var target = ExpressionCompiler.Compile(attribute.Target, scope);
        var arguments = CompileArguments(call.Arguments, scope, null);
        var name = attribute.Attribute;
        var (ofText, ofDict) = (StringMethods.Find(name), DictMethods.Find(name));
        return a =>
        {
            a.State.Budget.Step();
            var value = target(a);
            var method = value is string ? ofText : value is PythonDict ? ofDict : null;
            if (method is not null) return method.Call(a.State, arguments(a, _ => value));
            var function = Attributes.Get(value, name, a.State);
            if (function is Undefined undefined) throw undefined.Error();
            return Calls.Invoke(function, a.State, arguments(a, null));
        };
    }

    /// <summary>Evaluates the arguments of a call, after a first one where one is given.</summary>
    private static Func<Activation, Evaluator?, Arguments> CompileArguments(CallArguments node, Scope scope, Evaluator? caller)
    {
        var positional = ExpressionCompiler.CompileAll(node.Positional, scope);
        if (node.IsPlain && caller is null)
            return (a, first) =>
            {
                var offset = first is null ? 0 : 1;
                var values = new object?[positional.Length + offset];
                if (first is not null) values[0] = first(a);
                for (var i = 0; i < positional.Length; i++) values[i + offset] = positional[i](a);
                return new Arguments(values);
            };

        var names = node.Keywords.Select(keyword => keyword.Name).ToArray();
        var values = ExpressionCompiler.CompileAll([.. node.Keywords.Select(keyword => keyword.Value)], scope);
        var dynamicPositional = node.DynamicPositional is null ? null : ExpressionCompiler.Compile(node.DynamicPositional, scope);
        var dynamicKeywords = node.DynamicKeywords is null ? null : ExpressionCompiler.Compile(node.DynamicKeywords, scope);
        return (a, first) =>
        {
            var budget = a.State.Budget;
            var all = new List<object?>();
            if (first is not null) all.Add(first(a));
            foreach (var evaluate in positional) all.Add(evaluate(a));
            var keywords = new List<KeyValuePair<string, object?>>();
            for (var i = 0; i < names.Length; i++) keywords.Add(new(names[i], values[i](a)));
            if (caller is not null) AddKeyword(keywords, "caller", caller(a));
            if (dynamicPositional is not null) all.AddRange(Iteration.ToList(dynamicPositional(a), budget));
            if (dynamicKeywords is not null) AddKeywords(keywords, dynamicKeywords(a), budget);
            return new Arguments([.. all], keywords);
        };
    }

    private static void AddKeywords(List<KeyValuePair<string, object?>> keywords, object? mapping, RenderBudget budget)
    {
        if (mapping is not PythonDict dict)
            throw PythonTypes.TypeError($"argument after ** must be a mapping, not {PythonTypes.NameOf(mapping)}");
        foreach (var entry in dict.Entries)
        {
            budget.Step();
            AddKeyword(keywords, entry.Key as string ?? throw PythonTypes.TypeError("keywords must be strings"), entry.Value);
        }
    }

    private static void AddKeyword(List<KeyValuePair<string, object?>> keywords, string name, object? value)
    {
        if (keywords.Exists(keyword => keyword.Key == name)) throw PythonTypes.TypeError($"got multiple values for keyword argument '{name}'");
        keywords.Add(new(name, value));
    }
}
