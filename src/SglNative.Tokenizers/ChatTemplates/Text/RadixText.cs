using System.Numerics;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>Integers in base 2, 8 and 16.</summary>
internal static class RadixText
{
    public static string Format(BigInteger value, int radix)
    {
        if (value.IsZero) return "0";
        var bits = radix switch { 2 => 1, 8 => 3, _ => 4 };
        var digits = new char[(int)((value.GetBitLength() + bits - 1) / bits)];
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = "0123456789abcdef"[(int)(value & (radix - 1))];
            value >>= bits;
        }
        return new string(digits).TrimStart('0');
    }
}
