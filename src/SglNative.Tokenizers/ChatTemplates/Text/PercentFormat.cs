using System.Globalization;
using System.Numerics;
using System.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>The operator <c>%</c> on text: Python's printf-style formatting.</summary>
internal sealed class PercentFormat
{
    private readonly string _format;
    private readonly object? _arguments;
    private readonly RenderBudget _budget;
    private readonly bool _escapes;
    private readonly StringBuilder _result = new();
    private int _position;
    private int _nextArgument;
    private bool _usedMapping;

    private PercentFormat(string format, object? arguments, bool escapes, RenderBudget budget)
    {
        _format = format;
        _arguments = arguments;
        _escapes = escapes;
        _budget = budget;
    }

    public static object Apply(object format, object? arguments, RenderBudget budget)
    {
        var markup = format as Markup;
        var text = new PercentFormat(markup?.Text ?? (string)format, arguments, markup is not null, budget).Run();
        return markup is null ? text : new Markup(text);
    }

    private string Run()
    {
        while (_position < _format.Length)
        {
            var c = _format[_position++];
            if (c == '%') Conversion();
            else _result.Append(c);
            if (_result.Length > 4096) _budget.CheckLength(_result.Length);
        }
        _budget.Text(_result.Length);
        var isSingle = _arguments is not (PythonTuple or PythonDict or Undefined or PythonList or PythonRange);
        if (!_usedMapping && (_arguments is PythonTuple tuple ? _nextArgument < tuple.Items.Length : isSingle && _nextArgument == 0))
            throw PythonTypes.TypeError("not all arguments converted during string formatting");
        return _result.ToString();
    }

    private void Conversion()
    {
        object? mapped = Missing.Value;
        if (Peek() == '(')
        {
            mapped = Mapped(ReadKey());
            _usedMapping = true;
        }
        var flags = new FormatFlags();
        while (flags.TryAdd(Peek())) _position++;
        var width = ReadNumber(flags, isWidth: true);
        int? precision = null;
        if (Peek() == '.')
        {
            _position++;
            precision = Math.Max(ReadNumber(flags, isWidth: false) ?? 0, 0);
        }
        if (Peek() is 'h' or 'l' or 'L') _position++;
        if (_position >= _format.Length) throw PythonTypes.ValueError("incomplete format");
        var type = _format[_position++];
        if (type == '%')
        {
            _result.Append('%');
            return;
        }
        if (!"diouxXeEfFgGcrsa".Contains(type, StringComparison.Ordinal))
            throw PythonTypes.ValueError($"unsupported format character '{PythonText.Printable(type)}' (0x{(int)type:x}) at index {_position - 1}");
        var value = mapped is Missing ? NextArgument() : mapped;
        _budget.Text(Math.Max(width ?? 0, precision ?? 0));
        Append(Format(type, value, flags, precision), width ?? 0, flags, "diouxXeEfFgG".Contains(type, StringComparison.Ordinal));
    }

    private void Append(string text, int width, FormatFlags flags, bool isNumber)
    {
        var padding = width - PythonText.Length(text);
        if (padding <= 0) _result.Append(text);
        else if (flags.Left) _result.Append(text).Append(' ', padding);
        else if (flags.Zero && isNumber)
        {
            var sign = text.Length > 0 && text[0] is '-' or '+' or ' ' ? 1 : 0;
            if (text.Length > sign + 1 && text[sign] == '0' && text[sign + 1] is 'x' or 'X' or 'o') sign += 2;
            _result.Append(text, 0, sign).Append('0', padding).Append(text, sign, text.Length - sign);
        }
        else _result.Append(' ', padding).Append(text);
    }

    private string Format(char type, object? value, FormatFlags flags, int? precision)
    {
        switch (type)
        {
            case 's' or 'r' or 'a':
                var text = type == 's' ? (_escapes ? Markup.EscapeValue(value, _budget) : Representation.Str(value, _budget)) : Representation.Repr(value, _budget);
                if (type == 'a') text = AsciiText.Escape(text);
                if (_escapes && type != 's') text = Markup.Escape(text);
                return precision is { } limit ? text[..PythonText.Offset(text, limit)] : text;
            case 'c':
                return Character(value);
            case 'd' or 'i' or 'u':
                var integer = value is double real ? Truncate(real) : Integer(value, $"%{type} format: a real number is required, not {PythonTypes.NameOf(value)}");
                return Sign(integer.Sign < 0, flags) + Digits(BigInteger.Abs(integer), precision);
            case 'x' or 'X' or 'o':
                var whole = Integer(value, $"%{type} format: an integer is required, not {PythonTypes.NameOf(value)}");
                var digits = RadixText.Format(BigInteger.Abs(whole), type == 'o' ? 8 : 16).PadLeft(precision ?? 0, '0');
                if (flags.Alternate) digits = (type == 'o' ? "0o" : "0x") + digits;
                return Sign(whole.Sign < 0, flags) + (type == 'X' ? digits.ToUpperInvariant() : digits);
            default:
                return Real(type, value, flags, precision ?? 6);
        }
    }

    private static string Digits(BigInteger value, int? precision)
    {
        var digits = PythonInteger.ToText(PythonInteger.Normalize(value));
        return precision is { } minimum ? digits.PadLeft(minimum, '0') : digits;
    }

    private static string Real(char type, object? value, FormatFlags flags, int precision)
    {
        var real = Numbers.IsNumber(value) ? Numbers.ToReal(value)
            : value is Undefined undefined ? throw undefined.Error()
            : throw PythonTypes.TypeError($"must be real number, not {PythonTypes.NameOf(value)}");
        var sign = Sign(real < 0 || real == 0 && double.IsNegative(real), flags);
        if (double.IsNaN(real)) return sign + (char.IsUpper(type) ? "NAN" : "nan");
        if (double.IsInfinity(real)) return sign + (char.IsUpper(type) ? "INF" : "inf");
        var text = char.ToLowerInvariant(type) switch
        {
            'f' => DecimalText.Fixed(real, precision) + (flags.Alternate && precision == 0 ? "." : ""),
            'e' => DecimalText.Exponential(real, precision, flags.Alternate),
            _ => DecimalText.General(real, precision, flags.Alternate),
        };
        return sign + (char.IsUpper(type) ? text.ToUpperInvariant() : text);
    }

    private static string Sign(bool negative, FormatFlags flags) => negative ? "-" : flags.Plus ? "+" : flags.Space ? " " : "";

    private static string Character(object? value)
    {
        if (value is string text && PythonText.Length(text) == 1) return text;
        if (value is string or Markup or not (long or bool or BigInteger)) throw PythonTypes.TypeError("%c requires int or char");
        PythonInteger.TryGetClamped(value, out var code);
        if (code is < 0 or > 0x10FFFF) throw new ChatTemplateException(TemplateErrorKind.Overflow, "%c arg not in range(0x110000)");
        return code is >= 0xD800 and <= 0xDFFF ? ((char)code).ToString() : char.ConvertFromUtf32(code);
    }

    private static BigInteger Integer(object? value, string error) =>
        PythonInteger.TryGet(value, out var integer) ? integer : throw PythonTypes.TypeError(error);

    private static BigInteger Truncate(double real)
    {
        if (double.IsNaN(real)) throw PythonTypes.ValueError("cannot convert float NaN to integer");
        if (double.IsInfinity(real)) throw new ChatTemplateException(TemplateErrorKind.Overflow, "cannot convert float infinity to integer");
        return new BigInteger(Math.Truncate(real));
    }

    private char Peek() => _position < _format.Length ? _format[_position] : '\0';

    private string ReadKey()
    {
        var depth = 1;
        var start = ++_position;
        for (; _position < _format.Length; _position++)
        {
            if (_format[_position] == '(') depth++;
            else if (_format[_position] == ')' && --depth == 0) return _format[start.._position++];
        }
        throw PythonTypes.ValueError("incomplete format key");
    }

    private object? Mapped(string key)
    {
        if (_arguments is not PythonDict dict) throw PythonTypes.TypeError("format requires a mapping");
        return dict.TryGet(key, out var value) ? value : throw new ChatTemplateException(TemplateErrorKind.Lookup, $"the format's key {Representation.ReprText(key)} is not in the mapping");
    }

    private int? ReadNumber(FormatFlags flags, bool isWidth)
    {
        if (Peek() == '*')
        {
            _position++;
            if (!PythonInteger.TryGetClamped(NextArgument(), out var given)) throw PythonTypes.TypeError("* wants int");
            if (given < 0 && isWidth) flags.TryAdd('-');
            return given < 0 && isWidth ? -given : given;
        }
        var start = _position;
        while (char.IsAsciiDigit(Peek())) _position++;
        if (start == _position) return null;
        return int.TryParse(_format.AsSpan(start, _position - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw PythonTypes.ValueError("width too big");
    }

    private object? NextArgument()
    {
        if (_arguments is PythonTuple tuple)
        {
            if (_nextArgument < tuple.Items.Length) return tuple.Items[_nextArgument++];
        }
        else if (_nextArgument++ == 0)
        {
            return _arguments;
        }
        throw PythonTypes.TypeError("not enough arguments for format string");
    }
}
