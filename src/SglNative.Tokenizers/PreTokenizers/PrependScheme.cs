namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>Where Metaspace puts its mark in front.</summary>
internal enum PrependScheme
{
    First,
    Never,
    Always,
}
