using System.Globalization;
using System.Text;

namespace SglNative.Tokenizers.ChatTemplates.Syntax;

/// <summary>
/// Escapes in string literals. The reference encodes the literal to ASCII with escapes before it decodes it, so a backslash
/// before a character outside ASCII ends up as text: both are reproduced.
/// </summary>
internal static class StringLiteral
{
    public static bool TryUnescape(string literal, out string value, out string error)
    {
        error = "";
        value = literal;
        if (!literal.Contains('\\', StringComparison.Ordinal)) return true;
        var text = new StringBuilder(literal.Length);
        for (var i = 0; i < literal.Length; i++)
        {
            if (literal[i] != '\\')
            {
                text.Append(literal[i]);
                continue;
            }
            if (++i == literal.Length)
            {
                error = "\\ at end of string";
                return false;
            }
            var c = literal[i];
            var simple = Simple(c);
            if (simple is not null) text.Append(simple);
            else if (c is >= '0' and <= '7') i = AppendOctal(literal, i, text);
            else if (c is 'x' or 'u' or 'U')
            {
                if (!TryAppendHex(literal, ref i, text, out error)) return false;
            }
            else if (c == 'N')
            {
                error = "unknown Unicode character name: write \\u or \\U with its number instead";
                return false;
            }
            else if (c > 127) i = AppendEscapedBackslash(literal, i, text);
            else text.Append('\\').Append(c);
        }
        value = text.ToString();
        return true;
    }

    private static string? Simple(char c) => c switch
    {
        '\n' => "",
        '\\' => "\\",
        '\'' => "'",
        '"' => "\"",
        'a' => "\a",
        'b' => "\b",
        'f' => "\f",
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        'v' => "\v",
        _ => null,
    };

    private static int AppendOctal(string literal, int at, StringBuilder text)
    {
        var value = 0;
        var end = at;
        while (end < literal.Length && end < at + 3 && literal[end] is >= '0' and <= '7') value = value * 8 + (literal[end++] - '0');
        text.Append((char)value);
        return end - 1;
    }

    private static bool TryAppendHex(string literal, ref int at, StringBuilder text, out string error)
    {
        var digits = literal[at] switch { 'x' => 2, 'u' => 4, _ => 8 };
        var kind = literal[at] switch { 'x' => "\\xXX", 'u' => "\\uXXXX", _ => "\\UXXXXXXXX" };
        error = $"truncated {kind} escape";
        if (at + digits >= literal.Length) return false;
        if (!uint.TryParse(literal.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        at += digits;
        error = "illegal Unicode character";
        if (value > 0x10FFFF) return false;
        if (value > 0xFFFF) text.Append(char.ConvertFromUtf32((int)value));
        else text.Append((char)value);
        return true;
    }

    private static int AppendEscapedBackslash(string literal, int at, StringBuilder text)
    {
        var rune = Rune.TryGetRuneAt(literal, at, out var found) ? found : Rune.ReplacementChar;
        var (prefix, digits) = rune.Value switch { <= 0xFF => ("\\x", "x2"), <= 0xFFFF => ("\\u", "x4"), _ => ("\\U", "x8") };
        text.Append(prefix).Append(rune.Value.ToString(digits, CultureInfo.InvariantCulture));
        return at + rune.Utf16SequenceLength - 1;
    }
}
