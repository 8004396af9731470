using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>Turns comparisons, single or chained, into delegates.</summary>
internal static class ComparisonCompiler
{
    public static Evaluator Compile(Compare compare, Scope scope)
    {
        var first = ExpressionCompiler.Compile(compare.First, scope);
        if (compare.Rest.Count == 1)
        {
            var op = compare.Rest[0].Operator;
            var second = ExpressionCompiler.Compile(compare.Rest[0].Operand, scope);
            return op switch
            {
                CompareOperator.Equal => a => PythonBoolean.Of(AreEqual(first(a), second(a), a.State.Budget)),
                CompareOperator.NotEqual => a => PythonBoolean.Of(!AreEqual(first(a), second(a), a.State.Budget)),
                _ => a => PythonBoolean.Of(Holds(first(a), op, second(a), a.State.Budget)),
            };
        }

        var operators = compare.Rest.Select(item => item.Operator).ToArray();
        var operands = ExpressionCompiler.CompileAll([.. compare.Rest.Select(item => item.Operand)], scope);
        return a =>
        {
            var left = first(a);
            for (var i = 0; i < operators.Length; i++)
            {
                var right = operands[i](a);
                if (!Holds(left, operators[i], right, a.State.Budget)) return PythonBoolean.False;
                left = right;
            }
            return PythonBoolean.True;
        };
    }

    private static bool AreEqual(object? left, object? right, RenderBudget budget)
    {
        if (left is not string a || right is not string b) return PythonEquality.AreEqual(left, right, budget);
        budget.Step();
        return a == b;
    }

    private static bool Holds(object? left, CompareOperator op, object? right, RenderBudget budget)
    {
        budget.Step();
        return op switch
        {
            CompareOperator.Equal => PythonEquality.AreEqual(left, right, budget),
            CompareOperator.NotEqual => !PythonEquality.AreEqual(left, right, budget),
            CompareOperator.In => Iteration.Contains(right, left, budget),
            CompareOperator.NotIn => !Iteration.Contains(right, left, budget),
            _ => PythonOrder.Compare(left, op, right, budget),
        };
    }
}
