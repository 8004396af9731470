using System.Collections.Frozen;
using System.Numerics;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>The tests after <c>is</c>.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Func<object?, bool>> Simple = new Dictionary<string, Func<object?, bool>>
    {
        ["defined"] = value => value is not Undefined,
        ["undefined"] = value => value is Undefined,
        ["none"] = value => value is null,
        ["boolean"] = value => value is bool,
        ["true"] = value => value is true,
        ["false"] = value => value is false,
        ["integer"] = value => value is long or BigInteger,
        ["float"] = value => value is double,
        ["number"] = Numbers.IsNumber,
        ["string"] = value => value is string or Markup,
        ["mapping"] = value => value is PythonDict,
        ["sequence"] = value => value is string or Markup or PythonList or PythonTuple or PythonDict or PythonRange or Undefined,
        ["iterable"] = value => Iteration.TryOf(value) is not null,
        ["callable"] = Calls.IsCallable,
        ["escaped"] = value => value is Markup,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, NativeFunction> Functions = Simple
        .Select(test => new NativeFunction(test.Key, "value", (_, a) => PythonBoolean.Of(test.Value(a[0]))))
        .Concat([
            Test("odd", "value", (s, a) => Remainder(a[0], PythonInteger.Box(2), s) is 1L or 1.0),
            Test("even", "value", (s, a) => Remainder(a[0], PythonInteger.Box(2), s) is 0L or 0.0),
            Test("divisibleby", "value num", (s, a) => Remainder(a[0], a[1], s) is 0L or 0.0),
            Test("lower", "value", (s, a) => CharacterClass.AllCased(Representation.Str(a[0], s.Budget), CaseMapping.IsLower, CaseMapping.IsUpper)),
            Test("upper", "value", (s, a) => CharacterClass.AllCased(Representation.Str(a[0], s.Budget), CaseMapping.IsUpper, CaseMapping.IsLower)),
            Test("filter", "value", (_, a) => Argument.TextOrNull(a[0]) is { } name && Filters.Find(name) is not null),
            Test("test", "value", (_, a) => Argument.TextOrNull(a[0]) is { } name && Find(name) is not null),
            Test("sameas", "value other", (_, a) => IsSameObject(a[0], a[1])),
            Test("in", "value seq", (s, a) => Iteration.Contains(a[1], a[0], s.Budget)),
            .. Comparisons("==", "eq", "equalto", (s, a) => PythonEquality.AreEqual(a[0], a[1], s.Budget)),
            .. Comparisons("!=", "ne", "ne", (s, a) => !PythonEquality.AreEqual(a[0], a[1], s.Budget)),
            .. Comparisons(">", "gt", "greaterthan", (s, a) => PythonOrder.Compare(a[0], CompareOperator.Greater, a[1], s.Budget)),
            .. Comparisons(">=", "ge", "ge", (s, a) => PythonOrder.Compare(a[0], CompareOperator.GreaterOrEqual, a[1], s.Budget)),
            .. Comparisons("<", "lt", "lessthan", (s, a) => PythonOrder.Compare(a[0], CompareOperator.Less, a[1], s.Budget)),
            .. Comparisons("<=", "le", "le", (s, a) => PythonOrder.Compare(a[0], CompareOperator.LessOrEqual, a[1], s.Budget)),
        ])
        .DistinctBy(test => test.Name)
        .ToFrozenDictionary(test => test.Name);

    public static NativeFunction? Find(string name) => Functions.GetValueOrDefault(name);

    /// <summary>A test that looks at nothing but the value.</summary>
    public static Func<object?, bool>? FindSimple(string name) => Simple.GetValueOrDefault(name);

    private static NativeFunction Test(string name, string parameters, Func<RenderState, object?[], bool> test) =>
        new(name, parameters, (s, a) => PythonBoolean.Of(test(s, a)));

    private static IEnumerable<NativeFunction> Comparisons(string symbol, string name, string longName, Func<RenderState, object?[], bool> test) =>
        new[] { symbol, name, longName }.Select(alias => Test(alias, "/value other", test));

    private static object? Remainder(object? value, object? divisor, RenderState state) =>
        Arithmetic.Apply(BinaryOperator.Mod, value, divisor, state.Budget);

    /// <summary>Identity; values that Python keeps only once count as identical.</summary>
    private static bool IsSameObject(object? left, object? right) => ReferenceEquals(left, right)
        || left is long a and >= -5 and <= 256 && right is long b && a == b
        || left is string { Length: <= 1 } x && right is string y && x == y;
}
