namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>Several steps, one after the other.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<PreTokenizer> steps) : PreTokenizer
{
    public IReadOnlyList<PreTokenizer> Steps => steps;

    public override void Apply(PieceList pieces)
    {
        foreach (var step in steps) step.Apply(pieces);
    }
}
