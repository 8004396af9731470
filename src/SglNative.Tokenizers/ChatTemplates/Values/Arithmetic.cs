using System.Numerics;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Text;

namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>The arithmetic operators, on numbers and, where Python has them, on text and lists.</summary>
internal static class Arithmetic
{
    public static object? Apply(BinaryOperator op, object? left, object? right, RenderBudget budget)
    {
        if (left is Undefined undefined) throw undefined.Error();
        if (op == BinaryOperator.Mod && (left is string || left is Markup)) return PercentFormat.Apply(left, right, budget);
        if (right is Undefined other) throw other.Error();
        if (left is long a && right is long b && TrySmall(op, a, b, out var small)) return small;
        if (Numbers.IsNumber(left) && Numbers.IsNumber(right))
            return left is double || right is double || op == BinaryOperator.Div
                ? Real(op, left, right)
                : Integer(op, left, right, budget);
        return op switch
        {
            BinaryOperator.Add => Add(left, right, budget),
            BinaryOperator.Mul => Repeat(left, right, budget),
            _ => throw Unsupported(op, left, right),
        };
    }

    public static object? Negate(object? value) => value switch
    {
        Undefined undefined => throw undefined.Error(),
        double real => -real,
        _ when PythonInteger.TryGet(value, out var integer) => PythonInteger.Normalize(-integer),
        _ => throw PythonTypes.TypeError($"bad operand type for unary -: '{PythonTypes.NameOf(value)}'"),
    };

    public static object? Plus(object? value) => value switch
    {
        Undefined undefined => throw undefined.Error(),
        double => value,
        _ when PythonInteger.TryGet(value, out var integer) => PythonInteger.Normalize(integer),
        _ => throw PythonTypes.TypeError($"bad operand type for unary +: '{PythonTypes.NameOf(value)}'"),
    };

    private static bool TrySmall(BinaryOperator op, long a, long b, out object? result)
    {
        result = null;
        long value;
        switch (op)
        {
            case BinaryOperator.Add:
                value = unchecked(a + b);
                if (((a ^ value) & (b ^ value)) < 0) return false;
                break;
            case BinaryOperator.Sub:
                value = unchecked(a - b);
                if (((a ^ b) & (a ^ value)) < 0) return false;
                break;
            case BinaryOperator.Mul:
                if (Math.BigMul(a, b, out value) != value >> 63) return false;
                break;
            case BinaryOperator.FloorDiv when b > 0:
                value = a / b - (a % b < 0 ? 1 : 0);
                break;
            case BinaryOperator.Mod when b > 0:
                value = a % b;
                if (value < 0) value += b;
                break;
            default:
                return false;
        }
        result = PythonInteger.Box(value);
        return true;
    }

    private static object Integer(BinaryOperator op, object? left, object? right, RenderBudget budget)
    {
        PythonInteger.TryGet(left, out var a);
        PythonInteger.TryGet(right, out var b);
        budget.Charge((a.GetBitLength() + b.GetBitLength()) / 64);
        switch (op)
        {
            case BinaryOperator.Add: return PythonInteger.Normalize(a + b);
            case BinaryOperator.Sub: return PythonInteger.Normalize(a - b);
            case BinaryOperator.Mul:
                budget.Charge(a.GetBitLength() * b.GetBitLength() / 16384);
                return PythonInteger.Normalize(a * b);
            case BinaryOperator.Pow: return Power(a, b, budget);
        }
        if (b.IsZero) throw DivisionByZero("integer division or modulo by zero");
        var quotient = BigInteger.DivRem(a, b, out var remainder);
        if (!remainder.IsZero && remainder.Sign != b.Sign)
        {
            quotient -= 1;
            remainder += b;
        }
        return PythonInteger.Normalize(op == BinaryOperator.FloorDiv ? quotient : remainder);
    }

    private static object Power(BigInteger @base, BigInteger exponent, RenderBudget budget)
    {
        if (exponent.Sign < 0)
            return Math.Pow(@base.IsZero ? throw DivisionByZero("0.0 cannot be raised to a negative power") : (double)@base, (double)exponent);
        if (@base.IsZero || @base.IsOne) return PythonInteger.Normalize(exponent.IsZero ? BigInteger.One : @base);
        if (@base == BigInteger.MinusOne) return PythonInteger.Box(exponent.IsEven ? 1 : -1);
        if (exponent > 1 << 18 || (long)exponent * @base.GetBitLength() > 1 << 19)
            throw new ChatTemplateException(TemplateErrorKind.Limit, "the template computes too large an integer");
        budget.Charge((long)exponent * @base.GetBitLength() / 16);
        return PythonInteger.Normalize(BigInteger.Pow(@base, (int)exponent));
    }

    private static double Real(BinaryOperator op, object? left, object? right)
    {
        if (op == BinaryOperator.Div && left is not double && right is not double) return DivideIntegers(left, right);
        double a = Numbers.ToReal(left), b = Numbers.ToReal(right);
        switch (op)
        {
            case BinaryOperator.Add: return a + b;
            case BinaryOperator.Sub: return a - b;
            case BinaryOperator.Mul: return a * b;
            case BinaryOperator.Div: return b == 0 ? throw DivisionByZero("float division by zero") : a / b;
            case BinaryOperator.Pow: return PowerReal(a, b);
        }
        if (b == 0) throw DivisionByZero(op == BinaryOperator.Mod ? "float modulo" : "float floor division by zero");
        var remainder = a % b;
        if (remainder != 0 && remainder < 0 != b < 0) remainder += b;
        else if (remainder == 0) remainder = Math.CopySign(0, b);
        if (op == BinaryOperator.Mod) return remainder;
        var truncated = a % b;
        var quotient = (a - truncated) / b;
        if (truncated != 0 && b < 0 != truncated < 0) quotient -= 1;
        if (quotient == 0) return Math.CopySign(0, a / b);
        var floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double DivideIntegers(object? left, object? right)
    {
        PythonInteger.TryGet(left, out var a);
        PythonInteger.TryGet(right, out var b);
        if (b.IsZero) throw DivisionByZero("division by zero");
        const long exact = 1L << 53;
        if (BigInteger.Abs(a) <= exact && BigInteger.Abs(b) <= exact) return (double)a / (double)b;
        // Scale so that the quotient keeps 64 bits and a sticky bit: one rounding, as in the reference.
        var shift = 66 - (int)(BigInteger.Abs(a).GetBitLength() - BigInteger.Abs(b).GetBitLength());
        var numerator = shift > 0 ? BigInteger.Abs(a) << shift : BigInteger.Abs(a);
        var denominator = shift < 0 ? BigInteger.Abs(b) << -shift : BigInteger.Abs(b);
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        if (!remainder.IsZero) quotient |= BigInteger.One;
        var value = Math.ScaleB((double)quotient, -shift);
        if (double.IsInfinity(value)) throw new ChatTemplateException(TemplateErrorKind.Overflow, "integer division result too large for a float");
        return a.Sign == b.Sign || a.IsZero ? value : -value;
    }

    private static double PowerReal(double a, double b)
    {
        if (a == 0 && b < 0) throw DivisionByZero("0.0 cannot be raised to a negative power");
        if (a < 0 && double.IsFinite(a) && double.IsFinite(b) && Math.Floor(b) != b)
            throw PythonTypes.ValueError("a negative number raised to a fraction is complex, which templates do not have");
        var result = Math.Pow(a, b);
        if (double.IsInfinity(result) && double.IsFinite(a) && double.IsFinite(b))
            throw new ChatTemplateException(TemplateErrorKind.Overflow, "(34, 'Numerical result out of range')");
        return result;
    }

    private static object Add(object? left, object? right, RenderBudget budget)
    {
        switch (left, right)
        {
            case (string a, string b):
                budget.Text((long)a.Length + b.Length);
                return a + b;
            case (Markup a, _) when right is string or Markup:
                return new Markup(Join(a.Text, Markup.EscapeValue(right, budget), budget));
            case (string a, Markup b):
                return new Markup(Join(Markup.Escape(a), b.Text, budget));
            case (PythonList a, PythonList b):
                budget.Items((long)a.Items.Count + b.Items.Count);
                return new PythonList([.. a.Items, .. b.Items]);
            case (PythonTuple a, PythonTuple b):
                budget.Items((long)a.Items.Length + b.Items.Length);
                return new PythonTuple([.. a.Items, .. b.Items]);
            case (string or Markup, _):
                throw PythonTypes.TypeError($"can only concatenate str (not \"{PythonTypes.NameOf(right)}\") to str");
            case (PythonList, _):
                throw PythonTypes.TypeError($"can only concatenate list (not \"{PythonTypes.NameOf(right)}\") to list");
            case (PythonTuple, _):
                throw PythonTypes.TypeError($"can only concatenate tuple (not \"{PythonTypes.NameOf(right)}\") to tuple");
            default:
                throw Unsupported(BinaryOperator.Add, left, right);
        }
    }

    private static string Join(string a, string b, RenderBudget budget)
    {
        budget.Text((long)a.Length + b.Length);
        return a + b;
    }

    private static object Repeat(object? left, object? right, RenderBudget budget)
    {
        var (sequence, factor) = left is string or Markup or PythonList or PythonTuple ? (left, right) : (right, left);
        if (sequence is not (string or Markup or PythonList or PythonTuple)) throw Unsupported(BinaryOperator.Mul, left, right);
        if (!PythonInteger.TryGetClamped(factor, out var count))
            throw PythonTypes.TypeError($"can't multiply sequence by non-int of type '{PythonTypes.NameOf(factor)}'");
        count = Math.Max(count, 0);
        switch (sequence)
        {
            case string text: return RepeatText(text, count, budget);
            case Markup markup: return new Markup(RepeatText(markup.Text, count, budget));
            case PythonList list: return new PythonList([.. RepeatItems(list.Items, count, budget)]);
            default: return new PythonTuple(RepeatItems(((PythonTuple)sequence).Items, count, budget));
        }
    }

    private static string RepeatText(string text, int count, RenderBudget budget)
    {
        budget.Text((long)text.Length * count);
        if (count == 0 || text.Length == 0) return "";
        return text.Length == 1 ? new string(text[0], count) : new System.Text.StringBuilder(text.Length * count).Insert(0, text, count).ToString();
    }

    private static object?[] RepeatItems(IList<object?> items, int count, RenderBudget budget)
    {
        budget.Items((long)items.Count * count);
        var result = new object?[items.Count * count];
        for (var i = 0; i < result.Length; i++) result[i] = items[i % items.Count];
        return result;
    }

    private static ChatTemplateException DivisionByZero(string message) => new(TemplateErrorKind.ZeroDivision, message);

    private static ChatTemplateException Unsupported(BinaryOperator op, object? left, object? right) => PythonTypes.TypeError(
        $"unsupported operand type(s) for {Symbol(op)}: '{PythonTypes.NameOf(left)}' and '{PythonTypes.NameOf(right)}'");

    private static string Symbol(BinaryOperator op) => op switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Sub => "-",
        BinaryOperator.Mul => "*",
        BinaryOperator.Div => "/",
        BinaryOperator.FloorDiv => "//",
        BinaryOperator.Mod => "%",
        _ => "** or pow()",
    };
}
