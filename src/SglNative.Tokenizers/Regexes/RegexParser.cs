using System.Globalization;
using System.Text;
using SglNative.Core;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Regexes;

/// <summary>
/// Reads Oniguruma's Ruby syntax, in which the patterns of tokenizer files are written: ^ and $ are always line anchors, (?m) lets
/// the dot match newlines, {n,m}+ repeats and is not possessive, a brace that opens no interval is itself.
/// </summary>
internal sealed class RegexParser
{
    private const int MaxDepth = 100;
    private const int MaxRepeat = 100_000;
    private readonly string _pattern;
    private readonly int[] _text;
    private int _at;
    private int _depth;
    private bool _ignoreCase;
    private bool _dotAll;
    private bool _extended;

    private RegexParser(string pattern)
    {
        _pattern = pattern;
        _text = [.. pattern.EnumerateRunes().Select(r => r.Value)];
    }

    public static RegexNode Parse(string pattern)
    {
        var parser = new RegexParser(pattern);
        var node = parser.ParseAlternation();
        if (parser._at < parser._text.Length) throw parser.Error("an unmatched ')'");
        return node;
    }

    private SglException Error(string what) =>
        new($"regex {Quote(_pattern)}: {what} at character {_at}");

    internal static string Quote(string pattern) => '"' + (pattern.Length > 80 ? pattern[..80] + "…" : pattern)
        .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + '"';

    private int Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : -1;

    private bool Take(int c)
    {
        if (Peek() != c) return false;
        _at++;
        return true;
    }

    private int Next(string wanted) => _at < _text.Length ? _text[_at++] : throw Error($"the pattern ends where {wanted} should follow");

    private RegexNode ParseAlternation()
    {
        if (++_depth > MaxDepth) throw Error($"groups nested deeper than {MaxDepth}");
        // Options set inside a group, as in (a(?i)b), hold to the group's end.
        var (ignoreCase, dotAll, extended) = (_ignoreCase, _dotAll, _extended);
        var choices = new List<RegexNode> { ParseConcatenation() };
        while (Take('|')) choices.Add(ParseConcatenation());
        (_ignoreCase, _dotAll, _extended) = (ignoreCase, dotAll, extended);
        _depth--;
        return choices.Count == 1 ? choices[0] : new RegexNode.Alternation(choices);
    }

    private RegexNode ParseConcatenation()
    {
        var items = new List<RegexNode>();
        while (_at < _text.Length && Peek() is not ('|' or ')'))
        {
            if (_extended && SkipComment()) continue;
            // An option without a colon reaches over the alternatives that follow it: a(?i)b|c is a(?i:b|c).
            if (ParseOption() is { } isolated)
            {
                if (isolated) items.Add(ParseAlternation());
                continue;
            }
            if (ParseAtom() is { } atom) items.Add(ParseQuantifiers(atom));
        }
        return items.Count switch { 0 => new RegexNode.Nothing(), 1 => items[0], _ => new RegexNode.Concatenation(items) };
    }

    private bool SkipComment()
    {
        if (Peek() is ' ' or '\t' or '\n' or '\r' or '\f' or '\v')
        {
            _at++;
            return true;
        }
        if (!Take('#')) return false;
        while (_at < _text.Length && _text[_at++] != '\n') { }
        return true;
    }

    /// <summary>True after "(?flags)", null where there is none, false after a comment "(?#…)".</summary>
    private bool? ParseOption()
    {
        if (Peek() != '(' || Peek(1) != '?') return null;
        if (Peek(2) == '#')
        {
            while (_at < _text.Length && _text[_at] != ')') _at++;
            if (!Take(')')) throw Error("a comment without its ')'");
            return false;
        }
        var end = _at + 2;
        while (end < _text.Length && _text[end] is 'i' or 'm' or 'x' or '-') end++;
        if (end == _at + 2 || end >= _text.Length || _text[end] != ')') return null;
        _at += 2;
        ParseFlags();
        _at++;
        return true;
    }

    private void ParseFlags()
    {
        var on = true;
        for (; Peek() is 'i' or 'm' or 'x' or '-'; _at++)
        {
            switch (Peek())
            {
                case '-': on = false; break;
                case 'i': _ignoreCase = on; break;
                case 'm': _dotAll = on; break;
                default: _extended = on; break;
            }
        }
    }

    private RegexNode? ParseAtom()
    {
        var c = _text[_at++];
        switch (c)
        {
            case '(': return ParseGroup();
            case '[': return new RegexNode.One(new RegexClassParser(this).Parse());
            case '.': return new RegexNode.One(_dotAll ? CodePointSet.All : CodePointSet.Of('\n').Complement());
            case '^': return new RegexNode.Anchor(AnchorKind.LineStart);
            case '$': return new RegexNode.Anchor(AnchorKind.LineEnd);
            case '\\': return ParseEscape();
            case '*' or '+' or '?': throw Error($"'{(char)c}' with nothing to repeat");
            default: return Literal(c);
        }
    }

    private RegexNode.One Literal(int c) => new RegexNode.One(_ignoreCase ? CaseFolding.Close(CodePointSet.Of(c)) : CodePointSet.Of(c));

    private RegexNode ParseGroup()
    {
        var (ignoreCase, dotAll, extended) = (_ignoreCase, _dotAll, _extended);
        Func<RegexNode, RegexNode> wrap = node => node;
        if (Take('?'))
        {
            switch (Next("the kind of a group"))
            {
                case ':': break;
                case '=': wrap = n => new RegexNode.Lookaround(n, false, false); break;
                case '!': wrap = n => new RegexNode.Lookaround(n, false, true); break;
                case '>': wrap = n => new RegexNode.Atomic(n); break;
                case '<' when Take('='): wrap = n => new RegexNode.Lookaround(n, true, false); break;
                case '<' when Take('!'): wrap = n => new RegexNode.Lookaround(n, true, true); break;
                case '<': SkipName('>'); break;
                case '\'': SkipName('\''); break;
                case 'P' when Take('<'): SkipName('>'); break;
                case 'i' or 'm' or 'x' or '-':
                    _at--;
                    ParseFlags();
                    if (!Take(':')) throw Error("an unknown group option");
                    break;
                default: throw Error("a kind of group that is not supported");
            }
        }
        var node = ParseAlternation();
        if (!Take(')')) throw Error("a group without its ')'");
        (_ignoreCase, _dotAll, _extended) = (ignoreCase, dotAll, extended);
        return wrap(node);
    }

    private void SkipName(int end)
    {
        var start = _at;
        while (_at < _text.Length && _text[_at] != end) _at++;
        if (_at == start || !Take(end)) throw Error("a group name without its end");
    }

    private RegexNode ParseQuantifiers(RegexNode item)
    {
        while (true)
        {
            if (_extended && SkipComment()) continue;
            int min, max;
            var interval = false;
            var start = _at;
            switch (Peek())
            {
                case '*': (min, max) = (0, -1); _at++; break;
                case '+': (min, max) = (1, -1); _at++; break;
                case '?': (min, max) = (0, 1); _at++; break;
                case '{' when TryInterval(out min, out max): interval = true; break;
                default: return item;
            }
            if (start > 0 && item is RegexNode.Anchor or RegexNode.Lookaround && max != 1) max = Math.Max(min, 1);
            var mode = RepetitionMode.Greedy;
            if (interval && min == max)
            {
                item = new RegexNode.Repetition(item, min, max, mode);
                continue;
            }
            if (Take('?')) mode = RepetitionMode.Lazy;
            else if (!interval && Take('+')) mode = RepetitionMode.Possessive;
            item = new RegexNode.Repetition(item, min, max, mode);
        }
    }

    private bool TryInterval(out int min, out int max)
    {
        (min, max) = (0, -1);
        var at = _at + 1;
        var low = Number(ref at);
        var high = low;
        if (at < _text.Length && _text[at] == ',')
        {
            at++;
            high = Number(ref at);
            if (low is null && high is null) return false;
        }
        else if (low is null) return false;
        if (at >= _text.Length || _text[at] != '}') return false;
        min = low ?? 0;
        max = high ?? -1;
        if (min > MaxRepeat || max > MaxRepeat) throw Error($"a repetition beyond {MaxRepeat}");
        if (max >= 0 && min > max) (min, max) = (max, min);
        _at = at + 1;
        return true;
    }

    private int? Number(ref int at)
    {
        int? value = null;
        for (; at < _text.Length && _text[at] is >= '0' and <= '9'; at++) value = Math.Min((value ?? 0) * 10 + _text[at] - '0', MaxRepeat + 1);
        return value;
    }

    private RegexNode ParseEscape()
    {
        var c = Next("an escape");
        switch (c)
        {
            case 'A': return new RegexNode.Anchor(AnchorKind.TextStart);
            case 'z': return new RegexNode.Anchor(AnchorKind.TextEnd);
            case 'Z': return new RegexNode.Anchor(AnchorKind.TextEndOrLastNewline);
            case 'G': return new RegexNode.Anchor(AnchorKind.SearchStart);
            case 'b': return new RegexNode.Anchor(AnchorKind.WordBoundary);
            case 'B': return new RegexNode.Anchor(AnchorKind.NotWordBoundary);
            case 'N': return new RegexNode.One(CodePointSet.Of('\n').Complement());
            case 'O': return new RegexNode.One(CodePointSet.All);
            case 'R':
                return new RegexNode.Atomic(new RegexNode.Alternation([
                    new RegexNode.Concatenation([new RegexNode.One(CodePointSet.Of('\r')), new RegexNode.One(CodePointSet.Of('\n'))]),
                    new RegexNode.One(CodePointSet.OfRange('\n', '\r').Union(CodePointSet.Of(0x85, 0x2028, 0x2029)))]));
            case >= '1' and <= '9' or 'k' or 'g': throw Error("a back reference or subroutine call, which cannot be matched in linear time");
            case 'w': return new RegexNode.One(CharacterClasses.LoneWord);
            case 'W': return new RegexNode.One(CharacterClasses.LoneWord.Complement());
            case 'X' or 'K' or 'y' or 'Y': throw Error($"\\{(char)c}, which is not supported");
        }
        if (ClassEscape(c) is { } set) return new RegexNode.One(set);
        return Literal(CharacterEscape(c));
    }

    /// <summary>The set that \d, \p{…} and their kin stand for, or null for another escape.</summary>
    internal CodePointSet? ClassEscape(int c) => c switch
    {
        'd' => CharacterClasses.DecimalNumber,
        'D' => CharacterClasses.DecimalNumber.Complement(),
        'w' => CharacterClasses.Word,
        'W' => CharacterClasses.Word.Complement(),
        's' => CharacterClasses.WhiteSpace,
        'S' => CharacterClasses.WhiteSpace.Complement(),
        'h' => RegexProperties.HexDigit,
        'H' => RegexProperties.HexDigit.Complement(),
        'p' or 'P' when Peek() == '{' => Property(c == 'P'),
        _ => null,
    };

    private CodePointSet Property(bool negative)
    {
        _at++;
        if (Take('^')) negative = !negative;
        var name = new StringBuilder();
        while (Peek() is not ('}' or -1)) name.Append(new Rune(_text[_at++]).ToString());
        if (!Take('}')) throw Error("a property name without its '}'");
        var set = RegexProperties.Find(name.ToString()) ?? throw Error($"the unknown property '{name}'");
        if (_ignoreCase) set = CaseFolding.Close(set);
        return negative ? set.Complement() : set;
    }

    internal int CharacterEscape(int c) => c switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'f' => '\f',
        'v' => '\v',
        'a' => '\a',
        'e' => 0x1b,
        'x' when Take('{') => BracedHex(),
        'x' => Hex(2, 1),
        'u' => Hex(4, 4),
        '0' => Octal(),
        _ => c,
    };

    private int Octal()
    {
        var value = 0;
        for (var i = 0; i < 2 && Peek() is >= '0' and <= '7'; i++) value = value * 8 + _text[_at++] - '0';
        return value;
    }

    private int BracedHex()
    {
        var value = Hex(8, 1);
        return Take('}') ? value : throw Error("a \\x{…} without its '}'");
    }

    private int Hex(int most, int least)
    {
        var digits = new StringBuilder();
        while (digits.Length < most && Peek() is >= 0 and < 128 && char.IsAsciiHexDigit((char)Peek())) digits.Append((char)_text[_at++]);
        if (digits.Length < least) throw Error("too few hexadecimal digits");
        var value = uint.Parse(digits.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return value < CodePointEnumeration.Limit ? (int)value : throw Error("a code point beyond U+10FFFF");
    }

    /// <summary>Parses what is between brackets; the opening one has been read.</summary>
    private sealed class RegexClassParser(RegexParser owner)
    {
        public CodePointSet Parse()
        {
            if (++owner._depth > MaxDepth) throw owner.Error($"classes nested deeper than {MaxDepth}");
            var negative = owner.Take('^');
            CodePointSet? left = null;
            var current = new List<CodePointRange>();
            for (var first = true; ; first = false)
            {
                var c = owner.Next("the ']' of a class");
                if (c == ']' && !first) break;
                if (c == '&' && owner.Peek() == '&')
                {
                    owner._at++;
                    left = Combine(left, current);
                    current.Clear();
                    continue;
                }
                Item(c, current);
            }
            var set = Combine(left, current);
            if (owner._ignoreCase) set = CaseFolding.Close(set);
            owner._depth--;
            return negative ? set.Complement() : set;
        }

        private static CodePointSet Combine(CodePointSet? left, List<CodePointRange> right)
        {
            var set = CodePointSet.FromRanges([.. right]);
            return left is null ? set : left.Intersect(set);
        }

        private void Item(int c, List<CodePointRange> into)
        {
            if (c == '[')
            {
                into.AddRange((Posix() ?? Parse()).Ranges);
                return;
            }
            if (c == '\\')
            {
                c = owner.Next("an escape");
                if (owner.ClassEscape(c) is { } set)
                {
                    into.AddRange(set.Ranges);
                    return;
                }
                c = c == 'b' ? '\b' : owner.CharacterEscape(c);
            }
            if (owner.Peek() != '-' || owner.Peek(1) is ']' or -1 || (owner.Peek(1) == '&' && owner.Peek(2) == '&'))
            {
                into.Add(new CodePointRange(c, c));
                return;
            }
            owner._at++;
            var end = owner.Next("the end of a range");
            if (end == '[')
            {
                // A range cannot end in a class: the dash is itself.
                into.Add(new CodePointRange(c, c));
                into.Add(new CodePointRange('-', '-'));
                into.AddRange((Posix() ?? Parse()).Ranges);
                return;
            }
            if (end == '\\')
            {
                end = owner.Next("an escape");
                if (owner.ClassEscape(end) is { } set)
                {
                    into.Add(new CodePointRange(c, c));
                    into.Add(new CodePointRange('-', '-'));
                    into.AddRange(set.Ranges);
                    return;
                }
                end = end == 'b' ? '\b' : owner.CharacterEscape(end);
            }
            if (end < c) throw owner.Error("a range whose end comes before its start");
            into.Add(new CodePointRange(c, end));
        }

        private CodePointSet? Posix()
        {
            if (owner.Peek() != ':') return null;
            var at = owner._at + 1;
            var negative = at < owner._text.Length && owner._text[at] == '^';
            if (negative) at++;
            var name = new StringBuilder();
            while (at < owner._text.Length && owner._text[at] is >= 'a' and <= 'z') name.Append((char)owner._text[at++]);
            if (at + 1 >= owner._text.Length || owner._text[at] != ':' || owner._text[at + 1] != ']') return null;
            if (RegexProperties.Posix(name.ToString()) is not { } set) return null;
            owner._at = at + 2;
            return negative ? set.Complement() : set;
        }
    }
}
