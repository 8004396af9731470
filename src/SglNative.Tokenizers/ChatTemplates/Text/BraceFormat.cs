using System.Globalization;
using System.Text;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary><c>str.format</c>, whose fields reach attributes and items only as the sandbox lets them.</summary>
internal sealed class BraceFormat
{
    private readonly object?[] _positional;
    private readonly PythonDict _keywords;
    private readonly RenderState _state;
    private readonly bool _escapes;
    private int _automatic;
    private bool _isManual;

    private BraceFormat(object?[] positional, PythonDict keywords, bool escapes, RenderState state)
    {
        _positional = positional;
        _keywords = keywords;
        _escapes = escapes;
        _state = state;
    }

    public static object Apply(object format, object?[] positional, PythonDict keywords, RenderState state)
    {
        var markup = format as Markup;
        var text = new BraceFormat(positional, keywords, markup is not null, state).Format(markup?.Text ?? (string)format, 2);
        return markup is null ? text : new Markup(text);
    }

    private string Format(string format, int depth)
    {
        if (depth < 0) throw PythonTypes.ValueError("Max string recursion exceeded");
        var result = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c)
            {
                result.Append(c);
                i++;
            }
            else if (c == '}')
            {
                throw PythonTypes.ValueError("Single '}' encountered in format string");
            }
            else if (c == '{')
            {
                var end = FieldEnd(format, i + 1);
                result.Append(Field(format[(i + 1)..end], depth));
                i = end;
            }
            else
            {
                result.Append(c);
            }
            if (result.Length > 4096) _state.Budget.CheckLength(result.Length);
        }
        _state.Budget.Text(result.Length);
        return result.ToString();
    }

    private static int FieldEnd(string format, int start)
    {
        if (start == format.Length) throw PythonTypes.ValueError("Single '{' encountered in format string");
        var depth = 1;
        var brackets = false;
        for (var i = start; i < format.Length; i++)
        {
            var c = format[i];
            if (c == '[') brackets = true;
            else if (c == ']') brackets = false;
            else if (brackets) continue;
            else if (c == '{') depth++;
            else if (c == '}' && --depth == 0) return i;
        }
        throw PythonTypes.ValueError("expected '}' before end of string");
    }

    private string Field(string field, int depth)
    {
        var (name, conversion, spec) = Split(field);
        var value = Resolve(name);
        spec = Format(spec, depth - 1);
        value = conversion switch
        {
            null => value,
            "r" => Representation.Repr(value, _state.Budget),
            "s" => Representation.Str(value, _state.Budget),
            "a" => AsciiText.Escape(Representation.Repr(value, _state.Budget)),
            _ => throw PythonTypes.ValueError($"Unknown conversion specifier '{conversion}'"),
        };
        if (!_escapes) return FormatSpec.Format(value, spec, _state.Budget);
        if (value is not Markup markup) return Markup.Escape(FormatSpec.Format(value, spec, _state.Budget));
        return spec.Length == 0 ? markup.Text : throw PythonTypes.ValueError($"Format specifier {spec} given, but Markup does not define __html_format__.");
    }

    private static (string Name, string? Conversion, string Spec) Split(string field)
    {
        var brackets = false;
        for (var i = 0; i < field.Length; i++)
        {
            var c = field[i];
            if (c == '[') brackets = true;
            else if (c == ']') brackets = false;
            else if (brackets) continue;
            else if (c == '{') throw PythonTypes.ValueError("unexpected '{' in field name");
            else if (c == ':') return (field[..i], null, field[(i + 1)..]);
            else if (c == '!')
            {
                var colon = field.IndexOf(':', i);
                var conversion = colon < 0 ? field[(i + 1)..] : field[(i + 1)..colon];
                if (conversion.Length == 0) throw PythonTypes.ValueError("unmatched '{' in format spec");
                if (conversion.Length > 1) throw PythonTypes.ValueError("expected ':' after conversion specifier");
                return (field[..i], conversion, colon < 0 ? "" : field[(colon + 1)..]);
            }
        }
        return (field, null, "");
    }

    private object? Resolve(string name)
    {
        var end = name.AsSpan().IndexOfAny('.', '[');
        var value = Argument(end < 0 ? name : name[..end]);
        var i = end < 0 ? name.Length : end;
        while (i < name.Length)
        {
            _state.Budget.Step();
            if (name[i] == '.')
            {
                var next = name.AsSpan(i + 1).IndexOfAny('.', '[');
                var stop = next < 0 ? name.Length : i + 1 + next;
                if (stop == i + 1) throw PythonTypes.ValueError("Empty attribute in format string");
                value = Attributes.Get(value, name[(i + 1)..stop], _state);
                i = stop;
            }
            else if (name[i] == '[')
            {
                var stop = name.IndexOf(']', i);
                if (stop < 0) throw PythonTypes.ValueError("Missing ']' in format string");
                if (stop == i + 1) throw PythonTypes.ValueError("Empty attribute in format string");
                var key = name[(i + 1)..stop];
                value = Attributes.GetItem(value, long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? PythonInteger.Box(index) : key, _state);
                i = stop + 1;
            }
            else
            {
                throw PythonTypes.ValueError("Only '.' or '[' may follow ']' in format field specifier");
            }
        }
        return value;
    }

    private object? Argument(string name)
    {
        var isNumber = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index);
        if (name.Length == 0)
        {
            if (_isManual) throw PythonTypes.ValueError("cannot switch from manual field specification to automatic field numbering");
            index = _automatic++;
        }
        else if (isNumber)
        {
            if (_automatic > 0) throw PythonTypes.ValueError("cannot switch from automatic field numbering to manual field specification");
            _isManual = true;
        }
        else
        {
            return _keywords.TryGet(name, out var value)
                ? value
                : throw new ChatTemplateException(TemplateErrorKind.Lookup, $"the format's field {Representation.ReprText(name)} has no value");
        }
        return index < _positional.Length
            ? _positional[index]
            : throw new ChatTemplateException(TemplateErrorKind.Lookup, $"Replacement index {index} out of range for positional args tuple");
    }
}
