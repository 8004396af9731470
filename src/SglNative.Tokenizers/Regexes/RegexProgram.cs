using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Regexes;

/// <summary>The instructions of a pattern.</summary>
internal sealed class RegexProgram(RegexInstruction[] code, int slots)
{
    public RegexInstruction[] Code => code;

    /// <summary>How many Split instructions there are.</summary>
    public int Slots => slots;

    public bool UsesSearchStart { get; } = code.Any(i => i.Op == RegexOp.Anchor && i.X == (int)AnchorKind.SearchStart);

    /// <summary>Which bytes a match can start with, or null when it can be empty or depends on what surrounds it.</summary>
    public bool[]? FirstBytes { get; } = FindFirstBytes(code);

    private static bool[]? FindFirstBytes(RegexInstruction[] code)
    {
        var first = new bool[256];
        var seen = new bool[code.Length];
        var open = new Stack<int>();
        open.Push(0);
        while (open.TryPop(out var pc))
        {
            if (seen[pc]) continue;
            seen[pc] = true;
            var i = code[pc];
            switch (i.Op)
            {
                case RegexOp.One: AddFirst(i, first); break;
                case RegexOp.Run or RegexOp.PossessiveRun:
                    AddFirst(i, first);
                    if (i.X == 0) open.Push(pc + 1);
                    break;
                case RegexOp.Split:
                    open.Push(i.X);
                    open.Push(i.Y);
                    break;
                case RegexOp.Jump: open.Push(i.X); break;
                case RegexOp.Atomic: open.Push(pc + 1); break;
                case RegexOp.Match: return null;
                default: open.Push(i.Op == RegexOp.Anchor ? pc + 1 : i.Y); break;
            }
        }
        return first;
    }

    private static void AddFirst(RegexInstruction i, bool[] first)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var (a, b) in i.Set.Ranges)
        {
            Utf8.Encode(a, bytes);
            int low = bytes[0];
            Utf8.Encode(b, bytes);
            for (var lead = low; lead <= bytes[0]; lead++) first[lead] = true;
        }
    }
}
