namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>A piece of the text from Start to before End, in bytes.</summary>
internal readonly record struct Piece(int Start, int End);
