using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>Turns statements into delegates.</summary>
internal sealed class StatementCompiler(BlockTable blocks)
{
    /// <summary>The named blocks of the template; where there are any, what the top level sets is also kept by name.</summary>
    public BlockTable Blocks { get; } = blocks;

    public Executor CompileBody(IReadOnlyList<Node> nodes, Scope scope)
    {
        var executors = new Executor[nodes.Count];
        for (var i = 0; i < executors.Length; i++) executors[i] = Compile(nodes[i], scope);
        return executors.Length switch
        {
            0 => _ => Flow.Next,
            1 => executors[0],
            _ => a =>
            {
                foreach (var execute in executors)
                {
                    var flow = execute(a);
                    if (flow != Flow.Next) return flow;
                }
                return Flow.Next;
            },
        };
    }

    private Executor Compile(Node node, Scope scope) => node switch
    {
        Output output => OutputCompiler.Compile(output, scope),
        If branch => CompileIf(branch, scope),
        For loop => new LoopCompiler(this).Compile(loop, scope),
        Set set => CompileSet(set, scope),
        SetBlock set => CompileSetBlock(set, scope),
        Macro macro => MacroCompiler.CompileMacro(this, macro, scope),
        CallBlock call => MacroCompiler.CompileCallBlock(this, call, scope),
        FilterBlock block => CompileFilterBlock(block, scope),
        With with => CompileWith(with, scope),
        Block block => CompileBlock(block, scope),
        Autoescape block => CompileAutoescape(block, scope),
        LoadTemplate load => CompileLoad(load, scope),
        Break => scope.IsInLoop ? _ => Flow.Break : throw TemplateSyntax.Error("'break' outside loop", node.Line),
        Continue => scope.IsInLoop ? _ => Flow.Continue : throw TemplateSyntax.Error("'continue' not properly in loop", node.Line),
        _ => throw TemplateSyntax.Error("unexpected statement", node.Line),
    };

    private Executor CompileIf(If node, Scope scope)
    {
        var soft = scope.Soft();
        var tests = node.ElseIfs.Prepend(node).Select(branch => ExpressionCompiler.CompileTest(branch.Test, soft)).ToArray();
        var bodies = node.ElseIfs.Prepend(node).Select(branch => CompileBody(branch.Body, soft)).ToArray();
        var lines = node.ElseIfs.Prepend(node).Select(branch => branch.Line).ToArray();
        var otherwise = CompileBody(node.Otherwise, soft);
        return a =>
        {
            a.State.Budget.Step();
            for (var i = 0; i < tests.Length; i++)
            {
                a.State.Line = lines[i];
                if (tests[i](a)) return bodies[i](a);
            }
            return otherwise(a);
        };
    }

    private Executor CompileSet(Set node, Scope scope)
    {
        var references = node.Target.Descendants().Prepend(node.Target).OfType<NamespaceReference>()
            .Select(reference => VariableAccess.ReadRaw(scope.Function, scope.Variable(reference.Identifier, reference)))
            .ToArray();
        var value = ExpressionCompiler.Compile(node.Value, scope);
        var assign = VariableAccess.Assign(node.Target, scope);
        var export = Export(node.Target, scope);
        var line = node.Line;
        return a =>
        {
            a.State.Budget.Step();
            a.State.Line = line;
            foreach (var reference in references)
                if (reference(a) is not NamespaceValue) throw VariableAccess.NotANamespace();
            assign(a, value(a));
            export?.Invoke(a);
            return Flow.Next;
        };
    }

    private Executor CompileSetBlock(SetBlock node, Scope scope)
    {
        var inner = scope.Inner();
        SymbolCollector.Collect(inner.Symbols, node.Body);
        var (enter, body, leave) = (VariableAccess.Enter(inner), CompileBody(node.Body, inner), VariableAccess.Leave(inner));
        var filter = node.Filter is null ? null : CompileBlockFilter(node.Filter, inner);
        var assign = VariableAccess.Assign(node.Target, scope);
        var export = Export(node.Target, scope);
        return a =>
        {
            a.State.Line = node.Line;
            enter(a);
            var flow = RunBuffered(body, a, out var text);
            if (flow != Flow.Next) return flow;
            object? value = filter is null ? text : filter(a, AsFilterInput(text, inner, a));
            assign(a, a.State.Autoescape && value is not Markup ? new Markup(Representation.Str(value, a.State.Budget)) : value);
            export?.Invoke(a);
            leave(a);
            return Flow.Next;
        };
    }

    private Executor CompileFilterBlock(FilterBlock node, Scope scope)
    {
        var inner = scope.Inner();
        SymbolCollector.Collect(inner.Symbols, node.Children);
        var (enter, body, leave) = (VariableAccess.Enter(inner), CompileBody(node.Body, inner), VariableAccess.Leave(inner));
        var filter = CompileBlockFilter(node.Filter, inner);
        return a =>
        {
            a.State.Line = node.Line;
            enter(a);
            var flow = RunBuffered(body, a, out var text);
            if (flow != Flow.Next) return flow;
            a.State.Write(Representation.Str(filter(a, AsFilterInput(text, inner, a)), a.State.Budget));
            leave(a);
            return Flow.Next;
        };
    }

    /// <summary>A chain of filters whose innermost one takes the text of a block.</summary>
    private static Func<Activation, object?, object?> CompileBlockFilter(Filter filter, Scope scope)
    {
        // The text waits in a slot of its own, where the innermost filter finds it.
        var slot = scope.Function.DeclareAnonymous();
        var evaluate = Chain(filter);
        return (a, text) =>
        {
            a.Slots[slot] = text;
            return evaluate(a);
        };

        Evaluator Chain(Filter node) => CallCompiler.CompileFilter(
            node, node.Target is Filter inner ? Chain(inner) : node.Target is { } other ? ExpressionCompiler.Compile(other, scope) : a => a.Slots[slot], scope);
    }

    private static object AsFilterInput(string text, Scope scope, Activation activation) =>
        scope.Escaping == Escaping.On || scope.Escaping == Escaping.AtRunTime && activation.State.Autoescape ? new Markup(text) : text;

    private static Flow RunBuffered(Executor body, Activation activation, out string text)
    {
        var outer = activation.State.BeginBuffer();
        var flow = body(activation);
        text = activation.State.EndBuffer(outer);
        return flow;
    }

    private Executor CompileWith(With node, Scope scope)
    {
        var inner = scope.Inner();
        SymbolCollector.Collect(inner.Symbols, node.Targets.Concat(node.Body));
        var enter = VariableAccess.Enter(inner);
        var targets = node.Targets.Select(target => VariableAccess.Assign(target, inner)).ToArray();
        var values = ExpressionCompiler.CompileAll(node.Values, scope);
        var (body, leave) = (CompileBody(node.Body, inner), VariableAccess.Leave(inner));
        return a =>
        {
            a.State.Budget.Step();
            a.State.Line = node.Line;
            enter(a);
            for (var i = 0; i < targets.Length; i++) targets[i](a, values[i](a));
            var flow = body(a);
            leave(a);
            return flow;
        };
    }

    private Executor CompileBlock(Block node, Scope scope)
    {
        var name = node.Identifier;
        if (node.Required)
            return _ => throw new ChatTemplateException(TemplateErrorKind.Runtime, $"Required block '{name}' not found");
        if (!node.Scoped)
            return a =>
            {
                a.State.Write(Blocks.Render(name, a.State));
                return Flow.Next;
            };
        var stores = scope.Symbols.AllStores().Select(store => (store.Key, VariableAccess.ReadRaw(scope.Function, store.Value))).ToArray();
        return a =>
        {
            var further = stores.Select(store => new KeyValuePair<string, object?>(store.Key, store.Item2(a))).ToArray();
            a.State.WithVariables(further, () => a.State.Write(Blocks.Render(name, a.State)));
            return Flow.Next;
        };
    }

    private Executor CompileAutoescape(Autoescape node, Scope scope)
    {
        var escaping = node.Enabled is Const { Value: bool known } ? known ? Escaping.On : Escaping.Off : Escaping.AtRunTime;
        var inner = scope.Inner(escaping: escaping);
        SymbolCollector.Collect(inner.Symbols, node.Children);
        var enter = VariableAccess.Enter(inner);
        var enabled = ExpressionCompiler.Compile(node.Enabled, inner);
        var (body, leave) = (CompileBody(node.Body, inner), VariableAccess.Leave(inner));
        return a =>
        {
            var state = a.State;
            enter(a);
            var outer = state.Autoescape;
            state.Autoescape = Iteration.IsTrue(enabled(a), state.Budget);
            var flow = body(a);
            state.Autoescape = outer;
            leave(a);
            return flow;
        };
    }

    private static Executor CompileLoad(LoadTemplate node, Scope scope)
    {
        if (node.Keyword == "extends" && !scope.IsTopLevel) throw TemplateSyntax.Error("cannot use extend from a non top-level scope", node.Line);
        return a =>
        {
            a.State.Line = node.Line;
            throw new ChatTemplateException(TemplateErrorKind.Type, $"a chat template cannot {node.Keyword} another template: there is none to load");
        };
    }

    /// <summary>Makes what the top level sets visible to named blocks.</summary>
    public Action<Activation>? Export(Expression target, Scope scope)
    {
        if (!scope.IsTopLevel || Blocks.IsEmpty) return null;
        var names = target.Descendants().Prepend(target).OfType<Name>().ToArray();
        var reads = names.Select(name => VariableAccess.ReadRaw(scope.Function, scope.Variable(name.Identifier, name))).ToArray();
        return a =>
        {
            for (var i = 0; i < names.Length; i++) a.State.Variables[names[i].Identifier] = reads[i](a);
        };
    }
}
