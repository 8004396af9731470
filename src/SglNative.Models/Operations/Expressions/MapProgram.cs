using System.Numerics.Tensors;

namespace SglNative.Models.Operations.Expressions;

/// <summary>An expression as steps on a stack, each of which works on a block of values.</summary>
public sealed class MapProgram
{
    private readonly List<(MapCode Code, float Number, int Input)> _steps = [];
    private int _depth;

    private MapProgram() { }

    /// <summary>Values that the stack holds at most.</summary>
    public int StackSize { get; private set; }

    internal static MapProgram Of(MapNode root)
    {
        var program = new MapProgram();
        program.Add(root);
        return program;
    }

    /// <summary>
    /// Computes one block. <paramref name="stack"/> has room for <see cref="StackSize"/> · n values, n being the block's length, and
    /// its first n hold the result; <paramref name="inputs"/> holds the inputs' n values one after the other.
    /// </summary>
    public void Run(ReadOnlySpan<float> inputs, Span<float> stack, int n)
    {
        var top = 0;
        foreach (var (code, number, input) in _steps)
        {
            switch (code)
            {
                case MapCode.Number: stack.Slice(top++ * n, n).Fill(number); continue;
                case MapCode.Input: inputs.Slice(input * n, n).CopyTo(stack[(top++ * n)..]); continue;
                case MapCode.Select:
                    top -= 2;
                    Select(stack.Slice((top - 1) * n, n), stack.Slice(top * n, n), stack.Slice((top + 1) * n, n));
                    continue;
            }
            if (code is < MapCode.Sqrt and not MapCode.Negate and not MapCode.Not or > MapCode.Sigmoid)
            {
                top--;
                Binary(code, stack.Slice((top - 1) * n, n), stack.Slice(top * n, n));
            }
            else Unary(code, stack.Slice((top - 1) * n, n));
        }
    }

    private static void Select(Span<float> condition, ReadOnlySpan<float> then, ReadOnlySpan<float> otherwise)
    {
        for (var i = 0; i < condition.Length; i++) condition[i] = condition[i] != 0 ? then[i] : otherwise[i];
    }

    private static void Binary(MapCode code, Span<float> a, ReadOnlySpan<float> b)
    {
        switch (code)
        {
            case MapCode.Add: TensorPrimitives.Add(a, b, a); break;
            case MapCode.Subtract: TensorPrimitives.Subtract(a, b, a); break;
            case MapCode.Multiply: TensorPrimitives.Multiply(a, b, a); break;
            case MapCode.Divide: TensorPrimitives.Divide(a, b, a); break;
            default:
                for (var i = 0; i < a.Length; i++) a[i] = Scalar(code, a[i], b[i]);
                break;
        }
    }

    private static float Scalar(MapCode code, float a, float b) => code switch
    {
        MapCode.Less => a < b ? 1 : 0,
        MapCode.LessOrEqual => a <= b ? 1 : 0,
        MapCode.Equal => a == b ? 1 : 0,
        MapCode.NotEqual => a != b ? 1 : 0,
        MapCode.And => a != 0 && b != 0 ? 1 : 0,
        MapCode.Or => a != 0 || b != 0 ? 1 : 0,
        MapCode.Power => MathF.Pow(a, b),
        MapCode.Min => float.MinNumber(a, b),
        MapCode.Max => float.MaxNumber(a, b),
        _ => throw new InvalidOperationException($"{code} takes no two values"),
    };

    private static void Unary(MapCode code, Span<float> a)
    {
        // One value at a time: the vector forms of these functions round otherwise than the scalar ones at a block's end.
        for (var i = 0; i < a.Length; i++) a[i] = Scalar(code, a[i]);
    }

    private static float Scalar(MapCode code, float a) => code switch
    {
        MapCode.Negate => -a,
        MapCode.Not => a == 0 ? 1 : 0,
        MapCode.Sqrt => MathF.Sqrt(a),
        MapCode.Rsqrt => 1 / MathF.Sqrt(a),
        MapCode.Exp => MathF.Exp(a),
        MapCode.Log => MathF.Log(a),
        MapCode.Log2 => MathF.Log2(a),
        MapCode.Tanh => MathF.Tanh(a),
        MapCode.Erf => Erf(a),
        MapCode.Sin => MathF.Sin(a),
        MapCode.Cos => MathF.Cos(a),
        MapCode.Abs => MathF.Abs(a),
        MapCode.Floor => MathF.Floor(a),
        MapCode.Ceiling => MathF.Ceiling(a),
        MapCode.Rint => MathF.Round(a, MidpointRounding.ToEven),
        MapCode.Sigmoid => 1 / (1 + MathF.Exp(-a)),
        _ => throw new InvalidOperationException($"{code} takes no one value"),
    };

    // The alternating series of erf near 0, where its terms do not cancel, and Lentz's continued fraction of erfc beyond.
    private static float Erf(float a)
    {
        double x = Math.Abs(a), square = x * x;
        if (!(x < 6)) return float.IsNaN(a) ? a : Math.Sign(a);
        double result;
        if (x < 2)
        {
            double term = x, sum = x;
            for (var n = 1; Math.Abs(term) > 1e-12 * sum; n++) sum += (term *= -square / n) / (2 * n + 1);
            result = 2 / Math.Sqrt(Math.PI) * sum;
        }
        else
        {
            var fraction = x;
            for (var n = 40; n > 0; n--) fraction = x + n / 2.0 / fraction;
            result = 1 - Math.Exp(-square) / Math.Sqrt(Math.PI) / fraction;
        }
        return (float)Math.CopySign(result, a);
    }

    private void Add(MapNode node)
    {
        switch (node)
        {
            case MapNode.Number number: Push((MapCode.Number, number.Value, 0)); break;
            case MapNode.Input input: Push((MapCode.Input, 0, input.Index)); break;
            case MapNode.Call call:
                foreach (var argument in call.Arguments) Add(argument);
                _steps.Add((call.Function.Code, 0, 0));
                _depth -= call.Function.Arity - 1;
                break;
        }
    }

    private void Push((MapCode, float, int) step)
    {
        _steps.Add(step);
        StackSize = Math.Max(StackSize, ++_depth);
    }
}
