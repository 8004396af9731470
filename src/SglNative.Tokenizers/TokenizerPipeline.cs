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

    public PreTokenizer? PreTokenizer { get; init; }

    public PostProcessor PostProcessor { get; init; } = PostProcessor.None;

    public required IReadOnlyList<Decoder> Decoders { get; init; }

    /// <summary>How tokens spell bytes, for callers that want a token's own bytes.</summary>
    public required TokenSpelling Spelling { get; init; }
}
