using System.Numerics;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>The filters that make numbers.</summary>
internal static class NumberFilters
{
    public static IEnumerable<NativeFunction> All { get; } =
    [
        new NativeFunction("abs", "/x", (_, a) => Absolute(a[0])),
        new NativeFunction("int", "value default? base?", ToInteger),
        new NativeFunction("float", "value default?", (_, a) => TryToReal(a[0], out var real) ? real : a[1] is Missing ? 0.0 : a[1]),
        new NativeFunction("round", "value precision? method?", Round),
    ];

    /// <summary>Python's <c>float(value)</c>.</summary>
    public static double ToReal(object? value)
    {
        if (TryToReal(value, out var real)) return real;
        throw Argument.TextOrNull(value) is { } text
            ? PythonTypes.ValueError($"could not convert string to float: {Representation.ReprText(text)}")
            : PythonTypes.TypeError($"float() argument must be a string or a real number, not '{PythonTypes.NameOf(value)}'");
    }

    public static object Truncate(double real)
    {
        if (double.IsNaN(real)) throw PythonTypes.ValueError("cannot convert float NaN to integer");
        if (double.IsInfinity(real)) throw new ChatTemplateException(TemplateErrorKind.Overflow, "cannot convert float infinity to integer");
        return PythonInteger.Normalize(new BigInteger(Math.Truncate(real)));
    }

    private static bool TryToReal(object? value, out double real)
    {
        real = 0;
        if (value is Undefined undefined) throw undefined.Error();
        if (Argument.TextOrNull(value) is { } text) return Argument.TryParseReal(text, out real);
        if (!Numbers.IsNumber(value)) return false;
        real = Numbers.ToReal(value);
        return true;
    }

    private static object? Absolute(object? value) => value switch
    {
        Undefined => throw PythonTypes.TypeError("bad operand type for abs(): 'Undefined'"),
        double real => Math.Abs(real),
        _ when PythonInteger.TryGet(value, out var integer) => PythonInteger.Normalize(BigInteger.Abs(integer)),
        _ => throw PythonTypes.TypeError($"bad operand type for abs(): '{PythonTypes.NameOf(value)}'"),
    };

    private static object? ToInteger(RenderState state, object?[] a)
    {
        var value = a[0];
        if (value is Undefined undefined) throw undefined.Error();
        var otherwise = a[1] is Missing ? PythonInteger.Box(0) : a[1];
        if (Argument.TextOrNull(value) is { } text)
        {
            state.Budget.Text(text.Length);
            var radix = Argument.Integer(a[2], 10);
            if (radix is 0 or (>= 2 and <= 36) && Argument.TryParseInteger(text, radix, out var integer)) return integer;
            return Argument.TryParseReal(text, out var parsed) && double.IsFinite(parsed) ? Truncate(parsed) : otherwise;
        }
        if (PythonInteger.TryGet(value, out var whole)) return PythonInteger.Normalize(whole);
        if (value is not double real) return otherwise;
        // int(inf) raises an OverflowError, which the first attempt does not recover from.
        return double.IsNaN(real) ? otherwise : Truncate(real);
    }

    private static object? Round(RenderState state, object?[] a)
    {
        var method = a[2] is Missing ? "common" : Argument.TextOrNull(a[2]);
        if (method is not ("common" or "ceil" or "floor"))
            throw new ChatTemplateException(TemplateErrorKind.Runtime, "method must be common, ceil or floor");
        if (method == "common") return RoundToEven(a[0], a[1] is null ? null : Argument.Integer(a[1], 0));

        var power = Arithmetic.Apply(BinaryOperator.Pow, PythonInteger.Box(10), a[1] is Missing ? PythonInteger.Box(0) : a[1], state.Budget);
        var scaled = Arithmetic.Apply(BinaryOperator.Mul, a[0], power, state.Budget);
        if (scaled is double real) scaled = Truncate(method == "ceil" ? Math.Ceiling(real) : Math.Floor(real));
        else if (!Numbers.IsNumber(scaled)) throw PythonTypes.TypeError($"must be real number, not {PythonTypes.NameOf(scaled)}");
        return Arithmetic.Apply(BinaryOperator.Div, scaled, power, state.Budget);
    }

    private static object? RoundToEven(object? value, int? digits)
    {
        if (value is double real)
        {
            if (digits is null) return Truncate(Math.Round(real, MidpointRounding.ToEven));
            if (!double.IsFinite(real) || digits > 323) return real;
            if (digits < -308) return Math.CopySign(0, real);
            if (digits >= 0)
                return Math.CopySign(double.Parse(DecimalText.Fixed(real, digits.Value), System.Globalization.CultureInfo.InvariantCulture), real);
            var rounded = RoundInteger(new BigInteger(Math.Truncate(real)), -digits.Value, real);
            return Math.CopySign(Math.Abs((double)rounded), real);
        }
        if (PythonInteger.TryGet(value, out var integer))
            return digits is null or >= 0 ? PythonInteger.Normalize(integer)
                : digits < -PythonInteger.MaxDigits ? PythonInteger.Box(0)
                : PythonInteger.Normalize(RoundInteger(integer, -digits.Value, 0));
        if (value is Undefined) throw PythonTypes.TypeError("type Undefined doesn't define __round__ method");
        throw PythonTypes.TypeError($"type {PythonTypes.NameOf(value)} doesn't define __round__ method");
    }

    /// <summary>Rounds to a power of ten, ties to even; a fraction beyond the integer part breaks a tie.</summary>
    private static BigInteger RoundInteger(BigInteger integer, int zeros, double exact)
    {
        var unit = BigInteger.Pow(10, zeros);
        var quotient = BigInteger.DivRem(BigInteger.Abs(integer), unit, out var remainder);
        var order = (remainder * 2).CompareTo(unit);
        if (order == 0 && exact != Math.Truncate(exact)) order = 1;
        if (order > 0 || order == 0 && !quotient.IsEven) quotient += 1;
        return quotient * unit * integer.Sign;
    }
}
