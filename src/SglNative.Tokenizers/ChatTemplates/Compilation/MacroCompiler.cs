using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>Turns macros, call blocks and generation blocks into delegates.</summary>
internal static class MacroCompiler
{
    public static Executor CompileMacro(StatementCompiler statements, Macro node, Scope scope)
    {
        var code = CompileDefinition(statements, node.Identifier, node.Definition, node.Children, scope, node.Line);
        var write = VariableAccess.Write(scope, scope.Variable(node.Identifier, node));
        var export = statements.Export(new Name(node.Identifier, NameUse.Store) { Line = node.Line }, scope);
        return a =>
        {
            a.State.Budget.Step();
            write(a, new MacroValue(code, a));
            export?.Invoke(a);
            return Flow.Next;
        };
    }

    public static Executor CompileCallBlock(StatementCompiler statements, CallBlock node, Scope scope)
    {
        var code = CompileDefinition(statements, null, node.Definition, node.Definition.Nodes, scope, node.Line);
        if (node.Call is null)
            return a =>
            {
                a.State.Line = node.Line;
                a.State.Write(Representation.Str(new MacroValue(code, a).Call(a.State, new Arguments([])), a.State.Budget));
                return Flow.Next;
            };
        var call = CallCompiler.CompileCall(node.Call, scope, a => new MacroValue(code, a));
        return a =>
        {
            a.State.Line = node.Line;
            a.State.Write(Representation.Str(call(a), a.State.Budget));
            return Flow.Next;
        };
    }

    private static MacroCode CompileDefinition(
        StatementCompiler statements, string? name, MacroDefinition definition, IEnumerable<Node> nodes, Scope outer, int line)
    {
        var scope = outer.InnerFunction();
        SymbolCollector.Collect(scope.Symbols, nodes);
        var parameters = definition.Parameters.Select(parameter => parameter.Identifier).ToArray();
        var special = SymbolCollector.FindUndeclared(definition.Body, "caller", "kwargs", "varargs");

        var explicitCaller = Array.IndexOf(parameters, "caller");
        if (special.Contains("caller") && explicitCaller >= 0 && explicitCaller < parameters.Length - definition.Defaults.Count)
            throw TemplateSyntax.Error(
                "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.", line);
        var callerSlot = DeclareSpecial("caller");
        var keywordsSlot = DeclareSpecial("kwargs");
        var positionalSlot = DeclareSpecial("varargs");
        SymbolCollector.Collect(scope.Symbols, nodes);

        var defaults = new Evaluator?[parameters.Length];
        var required = parameters.Length - definition.Defaults.Count;
        for (var i = required; i < parameters.Length; i++) defaults[i] = ExpressionCompiler.Compile(definition.Defaults[i - required], scope);
        return new MacroCode
        {
            Name = name,
            Parameters = parameters,
            ParameterSlots = [.. definition.Parameters.Select(parameter => scope.Variable(parameter.Identifier, parameter).Slot)],
            Defaults = defaults,
            CallerSlot = callerSlot,
            KeywordsSlot = keywordsSlot,
            PositionalSlot = positionalSlot,
            AccessesCaller = special.Contains("caller"),
            Enter = VariableAccess.Enter(scope),
            Body = statements.CompileBody(definition.Body, scope),
            SlotCount = () => scope.Function.SlotCount,
        };

        int DeclareSpecial(string parameter) =>
            special.Contains(parameter) && Array.IndexOf(parameters, parameter) < 0 ? scope.Symbols.DeclareParameter(parameter).Slot : -1;
    }
}
