using System.Numerics;

namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>What integers, floats and booleans have in common.</summary>
internal static class Numbers
{
    public static bool IsNumber(object? value) => value is long or double or bool or BigInteger;

    /// <summary>Compares two numbers by exact value; the order is 2 where one is not a number.</summary>
    public static bool TryCompare(object? left, object? right, out int order)
    {
        order = 0;
        if (left is long a && right is long b)
        {
            order = a.CompareTo(b);
            return true;
        }
        if (!IsNumber(left) || !IsNumber(right)) return false;
        if (left is double x)
        {
            order = right is double y ? CompareReals(x, y) : Reverse(CompareInteger(right, x));
            return true;
        }
        if (right is double real)
        {
            order = CompareInteger(left, real);
            return true;
        }
        PythonInteger.TryGet(left, out var big);
        PythonInteger.TryGet(right, out var other);
        order = big.CompareTo(other);
        return true;
    }

    /// <summary>A number as a float; an integer beyond its range is an error.</summary>
    public static double ToReal(object? number)
    {
        switch (number)
        {
            case double real: return real;
            case long small: return small;
            case bool flag: return flag ? 1 : 0;
            default:
                var value = (double)(BigInteger)number!;
                return double.IsFinite(value) ? value : throw new ChatTemplateException(TemplateErrorKind.Overflow, "int too large to convert to float");
        }
    }

    private static int CompareReals(double x, double y) => double.IsNaN(x) || double.IsNaN(y) ? 2 : x.CompareTo(y);

    private static int CompareInteger(object? integer, double real)
    {
        if (double.IsNaN(real)) return 2;
        if (double.IsInfinity(real)) return real > 0 ? -1 : 1;
        PythonInteger.TryGet(integer, out var value);
        var whole = Math.Floor(real);
        var order = value.CompareTo(new BigInteger(whole));
        return order != 0 ? order : whole < real ? -1 : 0;
    }

    private static int Reverse(int order) => order == 2 ? 2 : -order;
}
