namespace SglNative.Tokenizers.SentencePieces;

/// <summary>What a piece is for, numbered as in the file.</summary>
internal enum PieceType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}
