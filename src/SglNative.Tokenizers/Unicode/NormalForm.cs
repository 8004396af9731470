namespace SglNative.Tokenizers.Unicode;

internal enum NormalForm
{
    C,
    D,
    KC,
    KD,
}
