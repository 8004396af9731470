using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Regexes;

/// <summary>Slot numbers the Split instructions, for the table of what has failed where.</summary>
internal readonly record struct RegexInstruction(RegexOp Op, CodePointSet Set, int X = 0, int Y = 0, int Back = 0, int Slot = -1);
