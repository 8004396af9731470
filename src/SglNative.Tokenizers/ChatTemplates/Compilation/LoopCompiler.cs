using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>Turns for loops into delegates: plain ones, ones that use <c>loop</c>, filtered ones and recursive ones.</summary>
internal sealed class LoopCompiler(StatementCompiler statements)
{
    public Executor Compile(For node, Scope scope)
    {
        var usesLoop = node.Recursive
            || SymbolCollector.FindUndeclared(node.Body, "loop").Count > 0
            || node.Descendants().Any(child => child is Block { Scoped: true });
        if (node.Descendants().FirstOrDefault(child => child is Name { Use: NameUse.Store, Identifier: "loop" }) is { } assignment)
            throw TemplateSyntax.Error("Can't assign to special loop variable in for-loop target", assignment.Line);

        // A recursive loop is a function of its own, which renders the body for any iterable it is given.
        var function = node.Recursive ? new FunctionLayout(scope.Function) : scope.Function;
        var bodyScope = node.Recursive ? scope.InnerFunction(function, isInLoop: true) : scope.Inner(isInLoop: true);
        var loopVariable = usesLoop ? bodyScope.Symbols.DeclareParameter("loop") : null;
        SymbolCollector.DeclareTarget(bodyScope.Symbols, node.Target);
        SymbolCollector.Collect(bodyScope.Symbols, node.Body);

        var filter = node.Test is null ? null : CompileFilter(node.Target, node.Test, scope);
        var run = Iterate(node, bodyScope, loopVariable, CompileElse(node, scope, function));
        var iterable = ExpressionCompiler.Compile(node.Iterable, scope);
        if (node.Recursive) return CompileRecursive(node, iterable, filter, function, run);
        return a =>
        {
            a.State.Line = node.Line;
            var items = iterable(a);
            return run(a, filter is null ? items : filter(a, items), 0, null);
        };
    }

    private Executor? CompileElse(For node, Scope scope, FunctionLayout function)
    {
        if (node.Otherwise.Count == 0) return null;
        var inner = node.Recursive ? scope.InnerFunction(function) : scope.Inner();
        SymbolCollector.Collect(inner.Symbols, node.Otherwise);
        var (enter, body, leave) = (VariableAccess.Enter(inner), statements.CompileBody(node.Otherwise, inner), VariableAccess.Leave(inner));
        return a =>
        {
            enter(a);
            var flow = body(a);
            leave(a);
            return flow;
        };
    }

    /// <summary>The items that pass the loop's condition, drawn only as the loop asks for them.</summary>
    private static Func<Activation, object?, object?> CompileFilter(Expression target, Expression test, Scope scope)
    {
        var inner = scope.InnerFunction();
        SymbolCollector.DeclareTarget(inner.Symbols, target);
        SymbolCollector.Collect(inner.Symbols, [test]);
        var (enter, assign) = (VariableAccess.Enter(inner), VariableAccess.Assign(target, inner));
        var condition = ExpressionCompiler.CompileTest(test, inner);
        return (a, items) => new PythonIterator(Select(a, items));

        IEnumerable<object?> Select(Activation outer, object? items)
        {
            var activation = new Activation(outer.State, outer, inner.Function.SlotCount);
            enter(activation);
            foreach (var item in Iteration.Of(items))
            {
                outer.State.Budget.Step();
                assign(activation, item);
                if (condition(activation)) yield return item;
            }
        }
    }

    private delegate Flow LoopRun(Activation activation, object? items, long depth, Func<object?, long, object?>? recurse);

    private LoopRun Iterate(For node, Scope scope, Variable? loopVariable, Executor? otherwise)
    {
        var (enter, leave) = (VariableAccess.Enter(scope), VariableAccess.Leave(scope));
        var assign = VariableAccess.Assign(node.Target, scope);
        var body = statements.CompileBody(node.Body, scope);
        var slot = loopVariable?.Slot ?? -1;
        return (a, items, depth, recurse) =>
        {
            var empty = slot < 0 ? RunPlain(a, items) : RunWithLoop(a, new LoopContext(items, depth, recurse));
            leave(a);
            return empty && otherwise is not null ? otherwise(a) : Flow.Next;
        };

        bool RunPlain(Activation a, object? items)
        {
            var empty = true;
            foreach (var item in Iteration.Of(items))
            {
                a.State.Budget.Step();
                assign(a, item);
                enter(a);
                var flow = body(a);
                if (flow == Flow.Break) break;
                if (flow == Flow.Next) empty = false;
            }
            return empty;
        }

        bool RunWithLoop(Activation a, LoopContext loop)
        {
            var empty = true;
            while (loop.MoveNext(out var item))
            {
                a.State.Budget.Step();
                assign(a, item);
                a.Slots[slot] = loop;
                enter(a);
                var flow = body(a);
                if (flow == Flow.Break) break;
                if (flow == Flow.Next) empty = false;
            }
            return empty;
        }
    }

    private static Executor CompileRecursive(
        For node, Evaluator iterable, Func<Activation, object?, object?>? filter, FunctionLayout function, LoopRun run) => outer =>
    {
        outer.State.Line = node.Line;
        outer.State.Write((string)Render(iterable(outer), 0));
        return Flow.Next;

        object Render(object? items, long depth)
        {
            var state = outer.State;
            state.Budget.EnterCall();
            var activation = new Activation(state, outer, function.SlotCount);
            var buffer = state.BeginBuffer();
            run(activation, filter is null ? items : filter(outer, items), depth, Render);
            var text = state.EndBuffer(buffer);
            state.Budget.LeaveCall();
            return text;
        }
    };
}
