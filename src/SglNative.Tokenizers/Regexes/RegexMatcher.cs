using SglNative.Core;
using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Regexes;

/// <summary>
/// A backtracking matcher that cannot explode. It starts out plain; once it has taken more steps than a linear matcher would, it
/// begins the current attempt anew with a table of (choice, position) pairs that are known to fail, so that none is tried twice
/// in the whole text. What the bodies of look-arounds and atomic groups matched is remembered too. Not thread-safe.
/// </summary>
internal sealed class RegexMatcher(Regex regex)
{
    private const int Exhausted = -2;
    private const long MaxTableBits = 1L << 31;
    private int[] _stack = new int[96];
    private int _top;
    private int _nesting;
    private long _steps;
    private long _budget;
    private ulong[]? _tried;
    private readonly List<long> _journal = [];
    private readonly Dictionary<long, int> _bodyEnds = [];
    private int _searchStart;

    /// <summary>Starts a text; what is known of the last one is forgotten.</summary>
    public void Begin(int length)
    {
        _steps = 0;
        _budget = 32L * (length + 256);
        _tried = null;
        _bodyEnds.Clear();
    }

    /// <summary>The first match at or after a position, as Oniguruma finds it.</summary>
    public bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        _searchStart = from;
        if (_tried is not null && regex.Linear.UsesSearchStart) Begin(text.Length);
        var first = regex.Fast.FirstBytes;
        for (start = from; start <= text.Length; start++)
        {
            if (start < text.Length && ((text[start] & 0xc0) == 0x80 || (first is not null && !first[text[start]]))) continue;
            if (start == text.Length && first is not null) break;
            end = MatchAt(text, start);
            if (end >= 0) return true;
        }
        end = -1;
        return false;
    }

    private int MatchAt(ReadOnlySpan<byte> text, int start)
    {
        _top = 0;
        _nesting = 0;
        _journal.Clear();
        if (_tried is null)
        {
            var end = Execute(regex.Fast.Code, text, 0, start);
            if (end != Exhausted) return end;
            var bits = (text.Length + 1L) * regex.Linear.Slots;
            if (bits > MaxTableBits)
                throw new SglException($"regex {RegexParser.Quote(regex.Pattern)}: too costly for a text of {text.Length} bytes");
            _tried = new ulong[bits / 64 + 1];
            _top = 0;
            _nesting = 0;
        }
        return Execute(regex.Linear.Code, text, 0, start);
    }

    private int Execute(RegexInstruction[] code, ReadOnlySpan<byte> text, int pc, int at)
    {
        var bottom = _top;
        var journal = _journal.Count;
        while (true)
        {
            ref readonly var i = ref code[pc];
            switch (i.Op)
            {
                case RegexOp.One:
                    if (at >= text.Length || !i.Set.Contains(Utf8.Decode(text, at, out var length))) goto Fail;
                    at += length;
                    pc++;
                    continue;

                case RegexOp.Run or RegexOp.PossessiveRun:
                    if (!TryRun(in i, text, ref at, pc)) goto Fail;
                    pc++;
                    continue;

                case RegexOp.Split:
                    if (_tried is not null)
                    {
                        var key = i.Slot * (text.Length + 1L) + at;
                        ref var word = ref _tried[key >> 6];
                        var bit = 1ul << (int)(key & 63);
                        if ((word & bit) != 0)
                        {
                            if (_nesting == 0 || !_bodyEnds.TryGetValue(key, out var known)) goto Fail;
                            return Succeed(known, bottom, journal);
                        }
                        word |= bit;
                        _journal.Add(key);
                    }
                    else if (++_steps > _budget) return Exhausted;
                    Push(i.Y, at, _journal.Count);
                    pc = i.X;
                    continue;

                case RegexOp.Jump:
                    pc = i.X;
                    continue;

                case RegexOp.Anchor:
                    if (!Holds((AnchorKind)i.X, text, at)) goto Fail;
                    pc++;
                    continue;

                case RegexOp.Look or RegexOp.NotLook or RegexOp.Atomic:
                    var end = TryBody(code, text, pc, at, i.Back);
                    if (end == Exhausted) return Exhausted;
                    if (end >= 0 == (i.Op == RegexOp.NotLook)) goto Fail;
                    if (i.Op == RegexOp.Atomic) at = end;
                    pc = i.Y;
                    continue;

                default:
                    return Succeed(at, bottom, journal);
            }

        Fail:
            if (_top == bottom)
            {
                _journal.RemoveRange(journal, _journal.Count - journal);
                return -1;
            }
            if (_steps > _budget && _tried is null) return Exhausted;
            Pop(text, out pc, out at);
        }
    }

    private int TryBody(RegexInstruction[] code, ReadOnlySpan<byte> text, int pc, int at, int back)
    {
        for (; back > 0; back--)
        {
            if (at == 0) return -1;
            at = Utf8.Previous(text, at);
        }
        _nesting++;
        var end = Execute(code, text, pc + 1, at);
        _nesting--;
        return end;
    }

    /// <summary>
    /// Ends an execution. What its journal still holds is the successful path, which has not failed: forget it, or inside a body,
    /// whose outcome is the same from each of these states whoever asks, remember where it ended.
    /// </summary>
    private int Succeed(int end, int bottom, int journal)
    {
        _top = bottom;
        for (var i = journal; i < _journal.Count; i++)
        {
            var key = _journal[i];
            if (_nesting > 0) _bodyEnds[key] = end;
            else _tried![key >> 6] &= ~(1ul << (int)(key & 63));
        }
        _journal.RemoveRange(journal, _journal.Count - journal);
        return end;
    }

    private bool TryRun(in RegexInstruction i, ReadOnlySpan<byte> text, ref int at, int pc)
    {
        var most = i.Y < 0 ? int.MaxValue : i.Y;
        var set = i.Set;
        var count = 0;
        var least = at;
        while (count < most && at < text.Length && set.Contains(Utf8.Decode(text, at, out var length)))
        {
            at += length;
            if (++count == i.X) least = at;
        }
        if (count < i.X) return false;
        _steps += count >> 2;
        if (i.Op == RegexOp.Run && at > least) Push(~pc, at, least);
        return true;
    }

    private void Push(int pc, int at, int extra)
    {
        if (_top + 3 > _stack.Length) Array.Resize(ref _stack, _stack.Length * 2);
        _stack[_top] = pc;
        _stack[_top + 1] = at;
        _stack[_top + 2] = extra;
        _top += 3;
    }

    private void Pop(ReadOnlySpan<byte> text, out int pc, out int at)
    {
        _top -= 3;
        pc = _stack[_top];
        at = _stack[_top + 1];
        var extra = _stack[_top + 2];
        if (pc >= 0)
        {
            _journal.RemoveRange(extra, _journal.Count - extra);
            return;
        }
        // A run gives back one code point; what it may still give back stays on the stack.
        _steps++;
        at = Utf8.Previous(text, at);
        if (at > extra) Push(pc, at, extra);
        pc = ~pc + 1;
    }

    private bool Holds(AnchorKind kind, ReadOnlySpan<byte> text, int at) => kind switch
    {
        AnchorKind.TextStart => at == 0,
        AnchorKind.TextEnd => at == text.Length,
        AnchorKind.TextEndOrLastNewline => at == text.Length || (at == text.Length - 1 && text[at] == '\n'),
        AnchorKind.LineStart => at == 0 || (text[at - 1] == '\n' && at < text.Length),
        AnchorKind.LineEnd => at == text.Length || text[at] == '\n',
        AnchorKind.SearchStart => at == _searchStart,
        _ => IsWordBoundary(text, at) == (kind == AnchorKind.WordBoundary),
    };

    private static bool IsWordBoundary(ReadOnlySpan<byte> text, int at)
    {
        var before = at > 0 && CharacterClasses.LoneWord.Contains(Utf8.Decode(text, Utf8.Previous(text, at), out _));
        var after = at < text.Length && CharacterClasses.LoneWord.Contains(Utf8.Decode(text, at, out _));
        return before != after;
    }
}
