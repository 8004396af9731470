namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>A step that cuts the text into pieces between which no token reaches. Immutable and thread-safe.</summary>
internal abstract class PreTokenizer
{
    public abstract void Apply(PieceList pieces);
}
