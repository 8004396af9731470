using SglNative.Tokenizers.ChatTemplates.Text;

namespace SglNative.Tokenizers.ChatTemplates.Syntax;

/// <summary>
/// Cuts a template into tokens. Blocks are trimmed as transformers asks for it: the newline after a block or comment goes
/// (trim_blocks), and so does the blank before it on its line (lstrip_blocks), unless a sign in the tag says otherwise.
/// </summary>
internal sealed class TemplateLexer
{
    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private readonly Stack<char> _open = new();
    private int _position;
    private int _line = 1;
    private int _lineCountedTo;
    private bool _lineStarting = true;

    private TemplateLexer(string source) => _source = source;

    public static List<Token> Tokenize(string source)
    {
        var lexer = new TemplateLexer(NormalizeNewlines(source));
        lexer.Run();
        return lexer._tokens;
    }

    private static string NormalizeNewlines(string source)
    {
        if (source.Contains('\r', StringComparison.Ordinal))
            source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return source.EndsWith('\n') ? source[..^1] : source;
    }

    private void Run()
    {
        while (_position < _source.Length) Data();
        Add(TokenKind.End, "");
    }

    /// <summary>Text up to the next tag, then that tag.</summary>
    private void Data()
    {
        var tag = NextTag(_position);
        if (tag < 0)
        {
            AddData(_source[_position..]);
            _position = _source.Length;
            return;
        }

        var kind = _source[tag + 1];
        var sign = tag + 2 < _source.Length && _source[tag + 2] is '-' or '+' ? _source[tag + 2] : '\0';
        var rawEnd = kind == '%' ? MatchRawBegin(tag) : -1;
        AddData(TrimBefore(_source[_position..tag], sign, kind == '{'));
        _position = tag;
        if (rawEnd >= 0)
        {
            MoveTo(rawEnd);
            Raw();
            return;
        }
        MoveTo(tag + 2 + (sign == '\0' ? 0 : 1));
        if (kind == '#') Comment();
        else Tag(kind == '{');
    }

    private string TrimBefore(string text, char sign, bool isVariable)
    {
        if (sign == '-') return text.AsSpan().TrimEnd(PythonText.Spaces).ToString();
        if (sign == '+' || isVariable) return text;
        var lineStart = text.LastIndexOf('\n') + 1;
        if (lineStart == 0 && !_lineStarting || lineStart == text.Length) return text;
        return text.AsSpan(lineStart).TrimStart(PythonText.Spaces).IsEmpty ? text[..lineStart] : text;
    }

    private int NextTag(int from)
    {
        for (var i = from; (i = _source.IndexOf('{', i)) >= 0 && i + 1 < _source.Length; i++)
            if (_source[i + 1] is '%' or '{' or '#') return i;
        return -1;
    }

    /// <summary>The position after <c>{% raw %}</c> when it begins at <paramref name="at"/>; else -1.</summary>
    private int MatchRawBegin(int at)
    {
        var i = at + 2;
        if (i < _source.Length && _source[i] is '-' or '+') i++;
        i = SkipSpaces(i);
        if (!StartsAt(i, "raw")) return -1;
        i = SkipSpaces(i + 3);
        if (StartsAt(i, "-%}")) return SkipSpaces(i + 3);
        return StartsAt(i, "%}") ? i + 2 : -1;
    }

    private void Raw()
    {
        for (var i = _position; (i = _source.IndexOf("{%", i, StringComparison.Ordinal)) >= 0; i += 2)
        {
            var sign = i + 2 < _source.Length && _source[i + 2] is '-' or '+' ? _source[i + 2] : '\0';
            var end = SkipSpaces(i + (sign == '\0' ? 2 : 3));
            if (!StartsAt(end, "endraw")) continue;
            end = MatchEnd(SkipSpaces(end + 6), "%}", trimsNewline: true);
            if (end < 0) continue;
            AddData(TrimBefore(_source[_position..i], sign, false));
            MoveTo(end);
            return;
        }
        throw Error("Missing end of raw directive");
    }

    private void Comment()
    {
        var close = _source.IndexOf("#}", _position, StringComparison.Ordinal);
        if (close < 0) throw Error("Missing end of comment tag");
        if (close > _position && _source[close - 1] is '-' or '+') close--;
        MoveTo(MatchEnd(close, "#}", trimsNewline: true));
    }

    /// <summary>The position after an end tag (with its sign and what it trims) that stands at <paramref name="at"/>; else -1.</summary>
    private int MatchEnd(int at, string end, bool trimsNewline)
    {
        if (StartsAt(at, end))
        {
            at += end.Length;
            return trimsNewline && StartsAt(at, "\n") ? at + 1 : at;
        }
        if (StartsAt(at, "-") && StartsAt(at + 1, end)) return SkipSpaces(at + 1 + end.Length);
        return trimsNewline && StartsAt(at, "+") && StartsAt(at + 1, end) ? at + 1 + end.Length : -1;
    }

    private void Tag(bool isVariable)
    {
        Add(isVariable ? TokenKind.VariableBegin : TokenKind.BlockBegin, isVariable ? "{{" : "{%");
        _open.Clear();
        while (_position < _source.Length)
        {
            var end = _open.Count > 0 ? -1 : MatchEnd(_position, isVariable ? "}}" : "%}", !isVariable);
            if (end >= 0)
            {
                Add(isVariable ? TokenKind.VariableEnd : TokenKind.BlockEnd, isVariable ? "}}" : "%}");
                MoveTo(end);
                return;
            }
            var c = _source[_position];
            if (PythonText.IsSpace(c)) MoveTo(SkipSpaces(_position));
            else if (!Number() && !Name() && !String()) Operator();
        }
    }

    private bool Number()
    {
        if (!char.IsAsciiDigit(_source[_position])) return false;
        var end = NumberLiteral.Match(_source, _position, out var value, out var error);
        if (error is not null) throw Error(error);
        Add(value is double ? TokenKind.Float : TokenKind.Integer, _source[_position..end], value);
        MoveTo(end);
        return true;
    }

    private bool Name()
    {
        var end = _position;
        while (end < _source.Length && Identifier.MatchWord(_source, end) is > 0 and var length) end += length;
        if (end == _position) return false;
        var name = _source[_position..end];
        if (!Identifier.IsValid(name)) throw Error("Invalid character in identifier");
        Add(TokenKind.Name, name);
        MoveTo(end);
        return true;
    }

    private bool String()
    {
        var quote = _source[_position];
        if (quote is not ('\'' or '"')) return false;
        var i = _position + 1;
        while (i < _source.Length && _source[i] != quote) i += _source[i] == '\\' ? 2 : 1;
        if (i >= _source.Length) throw Error($"unexpected char {quote}: the string has no end");
        var text = _source[(_position + 1)..i];
        if (!StringLiteral.TryUnescape(text, out var value, out var error)) throw Error(error);
        Add(TokenKind.String, value);
        MoveTo(i + 1);
        return true;
    }

    private void Operator()
    {
        var (kind, length) = Operators.Match(_source, _position);
        var c = _source[_position];
        if (length == 0) throw Error($"unexpected char '{PythonText.Printable(c)}'");
        if (c is '(' or '[' or '{')
            _open.Push(c == '(' ? ')' : c == '[' ? ']' : '}');
        else if (c is ')' or ']' or '}')
        {
            if (!_open.TryPop(out var expected)) throw Error($"unexpected '{c}'");
            if (expected != c) throw Error($"unexpected '{c}', expected '{expected}'");
        }
        Add(kind, _source.Substring(_position, length));
        MoveTo(_position + length);
    }

    private int SkipSpaces(int at)
    {
        while (at < _source.Length && PythonText.IsSpace(_source[at])) at++;
        return at;
    }

    private bool StartsAt(int at, string text) => string.CompareOrdinal(_source, at, text, 0, text.Length) == 0;

    private void MoveTo(int position)
    {
        _position = position;
        _lineStarting = _source[position - 1] == '\n';
    }

    private int CurrentLine()
    {
        _line += _source.AsSpan(_lineCountedTo, _position - _lineCountedTo).Count('\n');
        _lineCountedTo = _position;
        return _line;
    }

    private void AddData(string text)
    {
        if (text.Length > 0) Add(TokenKind.Data, text);
    }

    private void Add(TokenKind kind, string text, object? value = null) => _tokens.Add(new Token(kind, text, CurrentLine(), value));

    private ChatTemplateException Error(string message) => TemplateSyntax.Error(message, CurrentLine());
}
