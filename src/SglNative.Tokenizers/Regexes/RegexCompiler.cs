using SglNative.Core;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Regexes;

/// <summary>Turns a syntax tree into instructions for <see cref="RegexMatcher"/>.</summary>
internal sealed class RegexCompiler
{
    private const int MaxInstructions = 20_000;
    private readonly string _pattern;
    private readonly bool _runs;
    private readonly List<RegexInstruction> _code = [];
    private int _slots;

    private RegexCompiler(string pattern, bool runs)
    {
        _pattern = pattern;
        _runs = runs;
    }

    /// <summary>
    /// Compiles with loops over one class as single instructions (fast), or with every choice visible to the matcher's table of
    /// failures (linear whatever the text).
    /// </summary>
    public static RegexProgram Compile(string pattern, RegexNode node, bool runs)
    {
        var compiler = new RegexCompiler(pattern, runs);
        compiler.Emit(node);
        compiler.Add(new RegexInstruction(RegexOp.Match, CodePointSet.Empty));
        return new RegexProgram([.. compiler._code], compiler._slots);
    }

    private int Add(RegexInstruction instruction)
    {
        if (_code.Count >= MaxInstructions)
            throw new SglException($"regex {RegexParser.Quote(_pattern)}: repetitions unroll to more than {MaxInstructions} steps");
        _code.Add(instruction);
        return _code.Count - 1;
    }

    private int AddSplit() => Add(new RegexInstruction(RegexOp.Split, CodePointSet.Empty, Slot: _slots++));

    private void Emit(RegexNode node)
    {
        switch (node)
        {
            case RegexNode.Nothing: break;
            case RegexNode.One(var set): Add(new RegexInstruction(RegexOp.One, set)); break;
            case RegexNode.Concatenation(var items):
                foreach (var item in items) Emit(item);
                break;
            case RegexNode.Alternation(var choices): EmitAlternation(choices); break;
            case RegexNode.Repetition r: EmitRepetition(r); break;
            case RegexNode.Atomic(var item): EmitBody(RegexOp.Atomic, item, 0); break;
            case RegexNode.Anchor(var kind): Add(new RegexInstruction(RegexOp.Anchor, CodePointSet.Empty, (int)kind)); break;
            case RegexNode.Lookaround look: EmitLook(look); break;
        }
    }

    private void EmitAlternation(IReadOnlyList<RegexNode> choices)
    {
        var exits = new List<int>();
        for (var i = 0; i < choices.Count; i++)
        {
            if (i == choices.Count - 1)
            {
                Emit(choices[i]);
                break;
            }
            var split = AddSplit();
            Emit(choices[i]);
            exits.Add(Add(new RegexInstruction(RegexOp.Jump, CodePointSet.Empty)));
            _code[split] = _code[split] with { X = split + 1, Y = _code.Count };
        }
        foreach (var exit in exits) _code[exit] = _code[exit] with { X = _code.Count };
    }

    private void EmitRepetition(RegexNode.Repetition r)
    {
        if (_runs && r.Item is RegexNode.One(var set) && r.Mode != RepetitionMode.Lazy)
        {
            Add(new RegexInstruction(r.Mode == RepetitionMode.Greedy ? RegexOp.Run : RegexOp.PossessiveRun, set, r.Min, r.Max));
            return;
        }
        if (r.Mode == RepetitionMode.Possessive)
        {
            EmitBody(RegexOp.Atomic, r with { Mode = RepetitionMode.Greedy }, 0);
            return;
        }
        for (var i = 0; i < r.Min; i++) Emit(r.Item);
        if (r.Max < 0)
        {
            var split = AddSplit();
            Emit(r.Item);
            Add(new RegexInstruction(RegexOp.Jump, CodePointSet.Empty, split));
            Direct(split, r.Mode);
            return;
        }
        var splits = new List<int>();
        for (var i = r.Min; i < r.Max; i++)
        {
            splits.Add(AddSplit());
            Emit(r.Item);
        }
        foreach (var split in splits) Direct(split, r.Mode);
    }

    /// <summary>Points a loop's split at its body (the next instruction) and at the end of the code, in the order of the mode.</summary>
    private void Direct(int split, RepetitionMode mode) => _code[split] = mode == RepetitionMode.Lazy
        ? _code[split] with { X = _code.Count, Y = split + 1 }
        : _code[split] with { X = split + 1, Y = _code.Count };

    private void EmitBody(RegexOp op, RegexNode body, int back)
    {
        var head = Add(new RegexInstruction(op, CodePointSet.Empty, Back: back));
        Emit(body);
        Add(new RegexInstruction(RegexOp.Match, CodePointSet.Empty));
        _code[head] = _code[head] with { Y = _code.Count };
    }

    private void EmitLook(RegexNode.Lookaround look)
    {
        if (!look.Behind)
        {
            EmitBody(look.Negative ? RegexOp.NotLook : RegexOp.Look, look.Item, 0);
            return;
        }
        // Each alternative has a length of its own: (?<!a|bc) is (?<!a)(?<!bc), (?<=a|bc) is (?:(?<=a)|(?<=bc)).
        var choices = look.Item is RegexNode.Alternation(var many) ? many : [look.Item];
        if (look.Negative)
        {
            foreach (var choice in choices) EmitBody(RegexOp.NotLook, choice, Length(choice));
            return;
        }
        if (choices.Count > 1)
        {
            EmitAlternation([.. choices.Select(c => new RegexNode.Lookaround(c, true, false))]);
            return;
        }
        EmitBody(RegexOp.Look, choices[0], Length(choices[0]));
    }

    private int Length(RegexNode node)
    {
        switch (node)
        {
            case RegexNode.One: return 1;
            case RegexNode.Concatenation(var items): return items.Sum(Length);
            case RegexNode.Repetition r when r.Min == r.Max: return checked(r.Min * Length(r.Item));
            case RegexNode.Atomic(var item): return Length(item);
            case RegexNode.Alternation(var choices) when choices.Select(Length).Distinct().Count() == 1: return Length(choices[0]);
            case RegexNode.Nothing or RegexNode.Anchor or RegexNode.Lookaround: return 0;
            default: throw new SglException($"regex {RegexParser.Quote(_pattern)}: a look-behind must have a fixed length");
        }
    }
}
