using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>Several steps, one after the other; those that leave the text alone cost no copy.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<Normalizer> steps) : Normalizer
{
    private readonly Spare<(TextBuffer A, TextBuffer B)[]> _spare = new(() => [(new TextBuffer(), new TextBuffer())]);

    public override bool LeavesAlone(ReadOnlySpan<byte> text)
    {
        foreach (var step in steps)
            if (!step.LeavesAlone(text)) return false;
        return true;
    }

    public override void Normalize(ReadOnlySpan<byte> text, TextBuffer to)
    {
        var spare = _spare.Take();
        var (current, other) = spare[0];
        foreach (var step in steps)
        {
            if (step.LeavesAlone(text)) continue;
            other.Clear();
            step.Normalize(text, other);
            (current, other) = (other, current);
            text = current.Span;
        }
        to.Append(text);
        _spare.Return(spare);
    }
}
