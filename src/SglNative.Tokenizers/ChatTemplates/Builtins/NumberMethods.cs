using System.Numerics;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>The attributes of integers, booleans and floats.</summary>
internal static class NumberMethods
{
    private static readonly NativeFunction BitLength = new("bit_length", "/self", (_, a) =>
        PythonInteger.TryGet(a[0], out var integer) ? PythonInteger.Box(BigInteger.Abs(integer).GetBitLength()) : null);

    private static readonly NativeFunction BitCount = new("bit_count", "/self", (_, a) =>
        PythonInteger.TryGet(a[0], out var integer) ? PythonInteger.Box((long)BigInteger.PopCount(BigInteger.Abs(integer))) : null);

    private static readonly NativeFunction Conjugate = new("conjugate", "/self", (_, a) => Arithmetic.Plus(a[0]));

    private static readonly NativeFunction IsInteger = new("is_integer", "/self", (_, a) =>
        PythonBoolean.Of(a[0] is not double real || double.IsFinite(real) && Math.Floor(real) == real));

    /// <summary>Finds a method, or the value of a property.</summary>
    public static NativeFunction? Find(object? number, string name, out object? property)
    {
        property = Missing.Value;
        switch (name)
        {
            case "real":
                property = Arithmetic.Plus(number);
                return null;
            case "imag":
                property = number is double ? 0.0 : PythonInteger.Box(0);
                return null;
            case "numerator" when number is not double:
                property = Arithmetic.Plus(number);
                return null;
            case "denominator" when number is not double:
                property = PythonInteger.Box(1);
                return null;
            case "bit_length" when number is not double:
                return BitLength;
            case "bit_count" when number is not double:
                return BitCount;
            case "conjugate":
                return Conjugate;
            case "is_integer":
                return IsInteger;
            default:
                return null;
        }
    }
}
