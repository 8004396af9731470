namespace SglNative.Tokenizers.SentencePieces;

/// <summary>How a model segments, numbered as in the file.</summary>
internal enum SentencePieceKind
{
    Unigram = 1,
    Bpe = 2,
    Word = 3,
    Char = 4,
}
