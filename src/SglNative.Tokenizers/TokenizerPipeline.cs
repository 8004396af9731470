using SglNative.Tokenizers.AddedTokens;
using SglNative.Tokenizers.Decoders;
using SglNative.Tokenizers.Models;
using SglNative.Tokenizers.Normalizers;
using SglNative.Tokenizers.PostProcessors;
using SglNative.Tokenizers.PreTokenizers;

namespace SglNative.Tokenizers;

/// <summary>The parts of a tokenizer, whatever file they were read from.</summary>
internal sealed record TokenizerPipeline
{
    public required TokenModel Model { get; init; }

    public required AddedVocabulary Added { get; init; }

    public Normalizer? Normalizer { get; init; }

    /// <summary>What takes the normalizer's place where the text begins; null for the same.</summary>
    public Normalizer? StartNormalizer { get; init; }

    public PreTokenizer? PreTokenizer { get; init; }

    public PostProcessor PostProcessor { get; init; } = PostProcessor.None;

    /// <summary>Whether the file says what surrounds texts, if only that nothing does.</summary>
    public bool HasPostProcessor { get; init; }

    public required IReadOnlyList<Decoder> Decoders { get; init; }

    /// <summary>The normalizer of a section of the text.</summary>
    public Normalizer? NormalizerAt(bool start) => start && StartNormalizer is { } first ? first : Normalizer;

    /// <summary>How tokens spell bytes, for callers that want a token's own bytes.</summary>
    public required TokenSpelling Spelling { get; init; }
}
