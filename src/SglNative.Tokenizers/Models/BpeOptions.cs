namespace SglNative.Tokenizers.Models;

/// <summary>A BPE model's settings, named as in tokenizer.json.</summary>
internal sealed record BpeOptions
{
    public string? UnknownToken { get; init; }

    public string Prefix { get; init; } = "";

    public string Suffix { get; init; } = "";

    public bool FuseUnknown { get; init; }

    public bool ByteFallback { get; init; }

    public bool IgnoreMerges { get; init; }

    /// <summary>Pieces are raw bytes, for which the vocabulary has the printable stand-ins.</summary>
    public bool ReadsBytes { get; init; }
}
