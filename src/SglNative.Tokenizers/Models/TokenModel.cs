using SglNative.Tokenizers.PreTokenizers;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.Models;

/// <summary>Turns a piece of text into ids. Thread-safe.</summary>
internal abstract class TokenModel(Vocabulary vocabulary)
{
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>Appends the ids of a non-empty piece.</summary>
    /// <exception cref="Core.SglException">The text needs an unknown token and the model has none.</exception>
    public abstract void Encode(ReadOnlySpan<byte> piece, TokenSink sink);

    /// <summary>Appends the ids of all pieces.</summary>
    public virtual void Encode(PieceList pieces, TokenSink sink)
    {
        for (var i = 0; i < pieces.Count; i++) Encode(pieces.TextOf(i), sink);
    }

    /// <summary>The ids of the 256 tokens &lt;0x00&gt; to &lt;0xFF&gt;, -1 where one is missing.</summary>
    protected int[] FindByteTokens()
    {
        var ids = new int[256];
        for (var b = 0; b < 256; b++) ids[b] = Vocabulary.IdOf($"<0x{b:X2}>");
        return ids;
    }
}
