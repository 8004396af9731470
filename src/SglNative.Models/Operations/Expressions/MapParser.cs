using System.Globalization;
using SglNative.Core;

namespace SglNative.Models.Operations.Expressions;

/// <summary>Reads an expression by C's rules of precedence.</summary>
internal sealed class MapParser(string text)
{
    private const int MostDepth = 64;

    // From loose to tight; the two-letter operators of a level come before their beginnings.
    private static readonly (string Operator, MapFunction Function, bool Swapped)[][] Levels =
    [
        [("||", MapFunction.Or, false)],
        [("&&", MapFunction.And, false)],
        [("==", MapFunction.Equal, false), ("!=", MapFunction.NotEqual, false)],
        [("<=", MapFunction.LessOrEqual, false), (">=", MapFunction.LessOrEqual, true), ("<", MapFunction.Less, false), (">", MapFunction.Less, true)],
        [("+", MapFunction.Add, false), ("-", MapFunction.Subtract, false)],
        [("*", MapFunction.Multiply, false), ("/", MapFunction.Divide, false)],
    ];

    private int _at;
    private int _depth;

    public MapNode Parse()
    {
        var root = Ternary();
        SkipSpace();
        if (_at < text.Length) throw Fail("an operator");
        if (root.InputCount == 0) throw new SglException($"the expression '{text}' reads no input: expected x, y, z or w in it");
        return root;
    }

    private MapNode Ternary()
    {
        if (++_depth > MostDepth) throw new SglException($"the expression '{MessageText.Line(text)}' is nested more than {MostDepth} deep");
        var condition = Binary(0);
        if (Take("?"))
        {
            var then = Ternary();
            if (!Take(":")) throw Fail("':'");
            condition = new MapNode.Call(MapFunction.Select, [condition, then, Ternary()]);
        }
        _depth--;
        return condition;
    }

    private MapNode Binary(int level)
    {
        if (level == Levels.Length) return Unary();
        var left = Binary(level + 1);
        while (Array.FindIndex(Levels[level], one => Take(one.Operator)) is >= 0 and var found)
        {
            var (_, function, swapped) = Levels[level][found];
            var right = Binary(level + 1);
            left = new MapNode.Call(function, swapped ? [right, left] : [left, right]);
        }
        return left;
    }

    private MapNode Unary()
    {
        if (Take("-")) return new MapNode.Call(MapFunction.Negate, [Nested(Unary)]);
        if (Take("+")) return Nested(Unary);
        return Take("!") ? new MapNode.Call(MapFunction.Not, [Nested(Unary)]) : Primary();
    }

    private MapNode Nested(Func<MapNode> parse)
    {
        if (++_depth > MostDepth) throw new SglException($"the expression '{MessageText.Line(text)}' is nested more than {MostDepth} deep");
        var node = parse();
        _depth--;
        return node;
    }

    private MapNode Primary()
    {
        SkipSpace();
        if (_at >= text.Length) throw Fail("a value");
        if (Take("("))
        {
            var inner = Ternary();
            return Take(")") ? inner : throw Fail("')'");
        }
        if (char.IsAsciiDigit(text[_at]) || text[_at] == '.') return Number();
        return char.IsAsciiLetter(text[_at]) ? Name() : throw Fail("a value");
    }

    private MapNode.Number Number()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.')) _at++;
        if (_at < text.Length && text[_at] is 'e' or 'E')
        {
            _at++;
            if (_at < text.Length && text[_at] is '+' or '-') _at++;
            while (_at < text.Length && char.IsAsciiDigit(text[_at])) _at++;
        }
        if (!float.TryParse(text.AsSpan(start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !float.IsFinite(value))
        {
            _at = start;
            throw Fail("a number that float32 holds");
        }
        if (_at < text.Length && text[_at] is 'f' or 'F') _at++;
        return new MapNode.Number(value);
    }

    private MapNode Name()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_')) _at++;
        var name = text[start.._at];
        if (Take("(")) return Call(name, start);
        var index = MapExpression.InputNames.ToList().IndexOf(name);
        if (index >= 0) return new MapNode.Input(index);
        if (name == "inf" || name == "INFINITY") return new MapNode.Number(float.PositiveInfinity);
        _at = start;
        throw Fail($"one of the inputs {string.Join(", ", MapExpression.InputNames)}, found '{name}'");
    }

    private MapNode.Call Call(string name, int start)
    {
        if (!MapFunction.ByName.TryGetValue(name, out var function) && !(name.EndsWith('f') && MapFunction.ByName.TryGetValue(name[..^1], out function)))
        {
            _at = start;
            throw Fail($"a function, found '{name}': there are {string.Join(", ", MapFunction.ByName.Keys.Order(StringComparer.Ordinal))}");
        }
        List<MapNode> arguments = [Ternary()];
        while (Take(",")) arguments.Add(Ternary());
        if (!Take(")")) throw Fail("')' or ','");
        if (arguments.Count == function.Arity) return new MapNode.Call(function, arguments);
        _at = start;
        throw Fail($"{function.Arity} argument{(function.Arity == 1 ? "" : "s")} for {name}, found {arguments.Count}");
    }

    private bool Take(string word)
    {
        SkipSpace();
        if (string.CompareOrdinal(text, _at, word, 0, word.Length) != 0) return false;
        _at += word.Length;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
    }

    private SglException Fail(string expected) => new($"the expression '{MessageText.Line(text)}' is wrong at character {_at + 1}: expected {expected}");
}
