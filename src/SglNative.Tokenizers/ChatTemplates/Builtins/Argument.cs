using System.Globalization;
using System.Numerics;
using SglNative.Tokenizers.ChatTemplates.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>Reading the arguments of built-in functions.</summary>
internal static class Argument
{
    public static bool IsText(object? value) => value is string or Markup;

    /// <summary>A text argument; an error names the type that came instead.</summary>
    public static string Text(object? value, string what = "argument") =>
        TextOrNull(value) ?? throw PythonTypes.TypeError($"{what} must be str, not {PythonTypes.NameOf(value)}");

    public static string? TextOrNull(object? value) => value as string ?? (value as Markup)?.Text;

    public static bool IsGiven(object? value) => value is not Missing;

    /// <summary>An integer, or what to use where none is given.</summary>
    public static int Integer(object? value, int otherwise)
    {
        if (value is Missing) return otherwise;
        if (value is Undefined undefined) throw undefined.Error();
        return PythonInteger.TryGetClamped(value, out var integer)
            ? integer
            : throw PythonTypes.TypeError($"'{PythonTypes.NameOf(value)}' object cannot be interpreted as an integer");
    }

    public static bool Flag(object? value, bool otherwise, RenderBudget budget) => value is Missing ? otherwise : Iteration.IsTrue(value, budget);

    /// <summary>Python's <c>int(text, base)</c>; false where the text is no integer.</summary>
    public static bool TryParseInteger(string text, int radix, out object? value)
    {
        value = null;
        var digits = text.Trim(PythonText.Spaces.ToCharArray());
        var negative = digits.StartsWith('-');
        if (negative || digits.StartsWith('+')) digits = digits[1..];
        if (digits.Length > 2 && digits[0] == '0')
        {
            var prefix = char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 };
            if (prefix != 0 && (radix == prefix || radix == 0))
            {
                radix = prefix;
                digits = digits[2..];
                if (digits.StartsWith('_')) digits = digits[1..];
            }
        }
        if (radix == 0)
        {
            radix = 10;
            if (digits.Length > 1 && digits[0] == '0' && digits.AsSpan().IndexOfAnyExcept('0', '_') >= 0) return false;
        }
        if (radix is < 2 or > 36) throw PythonTypes.ValueError("int() base must be >= 2 and <= 36, or 0");
        if (digits.Length == 0 || digits.StartsWith('_') || digits.EndsWith('_') || digits.Contains("__", StringComparison.Ordinal)) return false;
        digits = digits.Replace("_", "", StringComparison.Ordinal);
        if (digits.Length > PythonInteger.MaxDigits) return false;
        var result = BigInteger.Zero;
        foreach (var rune in digits.EnumerateRunes())
        {
            var digit = rune.IsAscii && char.IsAsciiLetter((char)rune.Value) ? char.ToLowerInvariant((char)rune.Value) - 'a' + 10
                : CharacterClass.IsDecimal(rune) ? (int)System.Text.Rune.GetNumericValue(rune) : 99;
            if (digit >= radix) return false;
            result = result * radix + digit;
        }
        value = PythonInteger.Normalize(negative ? -result : result);
        return true;
    }

    /// <summary>Python's <c>float(text)</c>; false where the text is no number.</summary>
    public static bool TryParseReal(string text, out double value)
    {
        var digits = text.Trim(PythonText.Spaces.ToCharArray());
        value = 0;
        var unsigned = digits.TrimStart('+', '-');
        if (digits.Length - unsigned.Length > 1) return false;
        var sign = digits.StartsWith('-') ? -1 : 1;
        if (unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = double.NaN;
            return true;
        }
        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = sign * double.PositiveInfinity;
            return true;
        }
        for (var i = 0; i < unsigned.Length; i++)
            if (unsigned[i] == '_' && !(i > 0 && i + 1 < unsigned.Length && char.IsAsciiDigit(unsigned[i - 1]) && char.IsAsciiDigit(unsigned[i + 1])))
                return false;
        return unsigned.Length > 0 && unsigned[0] is >= '0' and <= '9' or '.'
            && double.TryParse(
                digits.Replace("_", "", StringComparison.Ordinal),
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out value);
    }
}
