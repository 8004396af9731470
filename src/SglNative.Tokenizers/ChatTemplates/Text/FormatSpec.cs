using System.Globalization;
using System.Numerics;
using System.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>The part after the colon in <c>str.format</c>: fill, alignment, sign, width, grouping, precision and type.</summary>
internal sealed class FormatSpec
{
    private readonly string _spec;
    private string _fill = " ";
    private char _align;
    private char _sign = '-';
    private bool _alternate;
    private bool _zero;
    private int _width;
    private char _grouping;
    private int? _precision;
    private char _type;

    private FormatSpec(string spec) => _spec = spec;

    public static string Format(object? value, string spec, RenderBudget budget)
    {
        if (spec.Length == 0) return Representation.Str(value, budget);
        if (value is null or PythonList or PythonDict or PythonTuple or Undefined || !(Numbers.IsNumber(value) || value is string or Markup))
            throw PythonTypes.TypeError($"unsupported format string passed to {PythonTypes.NameOf(value)}.__format__");
        var format = new FormatSpec(spec);
        format.Parse();
        budget.Text(Math.Max(format._width, format._precision ?? 0));
        return value switch
        {
            string text => format.Text(text),
            Markup markup => format.Text(markup.Text),
            double real => format.Real(real),
            _ => format.Integer(value),
        };
    }

    private void Parse()
    {
        var i = 0;
        var first = Rune.TryGetRuneAt(_spec, 0, out var rune) ? rune.Utf16SequenceLength : 1;
        if (first < _spec.Length && _spec[first] is '<' or '>' or '=' or '^')
        {
            _fill = _spec[..first];
            _align = _spec[first];
            i = first + 1;
        }
        else if (_spec[0] is '<' or '>' or '=' or '^')
        {
            _align = _spec[0];
            i = 1;
        }
        if (At(i) is '+' or '-' or ' ') _sign = _spec[i++];
        if (At(i) == '#')
        {
            _alternate = true;
            i++;
        }
        if (At(i) == '0')
        {
            _zero = true;
            i++;
        }
        _width = Number(ref i) ?? 0;
        if (At(i) is ',' or '_') _grouping = _spec[i++];
        if (At(i) == '.')
        {
            i++;
            _precision = Number(ref i) ?? throw PythonTypes.ValueError("Format specifier missing precision");
        }
        if (i < _spec.Length) _type = _spec[i++];
        if (i < _spec.Length) throw PythonTypes.ValueError("Invalid format specifier");
    }

    private char At(int i) => i < _spec.Length ? _spec[i] : '\0';

    private int? Number(ref int i)
    {
        var start = i;
        while (char.IsAsciiDigit(At(i))) i++;
        if (start == i) return null;
        return int.TryParse(_spec.AsSpan(start, i - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw PythonTypes.ValueError("Too many decimal digits in format string");
    }

    private string Text(string text)
    {
        if (_type is not ('\0' or 's')) throw UnknownType("str");
        if (_sign != '-') throw PythonTypes.ValueError("Sign not allowed in string format specifier");
        if (_alternate) throw PythonTypes.ValueError("Alternate form (#) not allowed in string format specifier");
        if (_align == '=') throw PythonTypes.ValueError("'=' alignment not allowed in string format specifier");
        if (_grouping != '\0') throw PythonTypes.ValueError($"Cannot specify '{_grouping}' with 's'.");
        if (_precision is { } limit) text = text[..PythonText.Offset(text, limit)];
        return Pad("", text, _align == '\0' ? '<' : _align, _zero && _fill == " " && _align == '\0' ? "0" : _fill);
    }

    private string Integer(object? value)
    {
        if ("eEfFgG%".Contains(_type, StringComparison.Ordinal) && _type != '\0') return Real(Numbers.ToReal(value));
        PythonInteger.TryGet(value, out var integer);
        if (_precision is not null) throw PythonTypes.ValueError("Precision not allowed in integer format specifier");
        var magnitude = BigInteger.Abs(integer);
        switch (_type)
        {
            case 'c':
                PythonInteger.TryGetClamped(value, out var code);
                if (code is < 0 or > 0x10FFFF) throw new ChatTemplateException(TemplateErrorKind.Overflow, "%c arg not in range(0x110000)");
                return Pad("", code is >= 0xD800 and <= 0xDFFF ? ((char)code).ToString() : char.ConvertFromUtf32(code), _align == '\0' ? '<' : _align, _fill);
            case '\0' or 'd' or 'n':
                return Number(integer.Sign < 0, "", Group(PythonInteger.ToText(PythonInteger.Normalize(magnitude)), 3));
            case 'b' or 'o' or 'x' or 'X':
                if (_grouping == ',') throw PythonTypes.ValueError($"Cannot specify ',' with '{_type}'.");
                var digits = Group(RadixText.Format(magnitude, _type switch { 'b' => 2, 'o' => 8, _ => 16 }), 4);
                var prefix = _alternate ? "0" + _type : "";
                return Number(integer.Sign < 0, prefix, _type == 'X' ? digits.ToUpperInvariant() : digits);
            default:
                throw UnknownType(value is bool ? "bool" : "int");
        }
    }

    private string Real(double real)
    {
        var negative = double.IsNegative(real) && !double.IsNaN(real);
        var upper = char.IsAsciiLetterUpper(_type);
        if (!double.IsFinite(real))
            return Number(negative, "", (double.IsNaN(real), upper) switch { (true, true) => "NAN", (true, _) => "nan", (_, true) => "INF", _ => "inf" });
        var text = _type switch
        {
            'f' or 'F' => DecimalText.Fixed(real, _precision ?? 6) + (_alternate && _precision == 0 ? "." : ""),
            'e' or 'E' => DecimalText.Exponential(real, _precision ?? 6, _alternate),
            'g' or 'G' or 'n' => DecimalText.General(real, _precision ?? 6, _alternate),
            '%' => DecimalText.Fixed(real * 100, _precision ?? 6) + "%",
            '\0' => Plain(real),
            _ => throw UnknownType("float"),
        };
        return Number(negative, "", GroupReal(upper ? text.ToUpperInvariant() : text));
    }

    /// <summary>Without a type a float keeps a digit after the point, and takes the shortest digits where no precision is given.</summary>
    private string Plain(double real)
    {
        if (_precision is not { } precision) return PythonReal.Repr(Math.Abs(real));
        var (_, exponent) = DecimalText.Scientific(real, Math.Max(precision, 1) - 1);
        if (exponent == Math.Max(precision, 1) - 1 && exponent >= -4)
            return TrimMantissa(DecimalText.Exponential(real, Math.Max(precision, 1) - 1));
        var general = DecimalText.General(real, precision, keepZeros: false);
        return general.AsSpan().IndexOfAny('.', 'e') >= 0 ? general : general + ".0";
    }

    private static string TrimMantissa(string text)
    {
        var e = text.IndexOf('e', StringComparison.Ordinal);
        var mantissa = text[..e];
        if (mantissa.Contains('.', StringComparison.Ordinal)) mantissa = mantissa.TrimEnd('0').TrimEnd('.');
        return mantissa + text[e..];
    }

    private string Group(string digits, int size)
    {
        if (_grouping == '\0') return digits;
        var result = new StringBuilder(digits);
        for (var i = digits.Length - size; i > 0; i -= size) result.Insert(i, _grouping);
        return result.ToString();
    }

    private string GroupReal(string text)
    {
        if (_grouping == '\0') return text;
        var end = text.AsSpan().IndexOfAny(".e%E");
        return end < 0 ? Group(text, 3) : Group(text[..end], 3) + text[end..];
    }

    private string Number(bool negative, string prefix, string digits)
    {
        var sign = (negative ? "-" : _sign == '-' ? "" : _sign.ToString()) + prefix;
        if (_zero && _align == '\0')
        {
            if (_grouping != '\0') digits = PadGrouped(digits, _width - sign.Length);
            return Pad(sign, digits, '=', "0");
        }
        return Pad(sign, digits, _align == '\0' ? '>' : _align, _fill);
    }

    /// <summary>Zeros in front of grouped digits are grouped too.</summary>
    private string PadGrouped(string digits, int width)
    {
        var size = _type is 'b' or 'o' or 'x' or 'X' ? 4 : 3;
        var end = digits.AsSpan().IndexOfAny(".e%E");
        var (whole, rest) = end < 0 ? (digits, "") : (digits[..end], digits[end..]);
        var plain = whole.Replace(_grouping.ToString(), "", StringComparison.Ordinal);
        while (Group(plain, size).Length + rest.Length < width) plain = "0" + plain;
        return Group(plain, size) + rest;
    }

    private string Pad(string sign, string text, char align, string fill)
    {
        var padding = _width - sign.Length - PythonText.Length(text);
        if (padding <= 0) return sign + text;
        var left = align switch { '<' => 0, '^' => padding / 2, _ => padding };
        var result = new StringBuilder();
        if (align == '=') result.Append(sign);
        result.Insert(result.Length, fill, left);
        if (align != '=') result.Append(sign);
        result.Append(text);
        return result.Insert(result.Length, fill, padding - left).ToString();
    }

    private ChatTemplateException UnknownType(string type) =>
        PythonTypes.ValueError($"Unknown format code '{PythonText.Printable(_type)}' for object of type '{type}'");
}
