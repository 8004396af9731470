namespace SglNative.Tokenizers.Regexes;

internal enum RepetitionMode
{
    Greedy,
    Lazy,
    Possessive,
}
