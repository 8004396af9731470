using System.Text.Json;
using SglNative.Core;
using SglNative.Tokenizers.AddedTokens;
using SglNative.Tokenizers.Configuration;
using SglNative.Tokenizers.Decoders;
using SglNative.Tokenizers.PostProcessors;
using SglNative.Tokenizers.PreTokenizers;

namespace SglNative.Tokenizers.Json;

/// <summary>
/// Reads a tokenizer.json. "truncation" and "padding" are settings of training pipelines and are left out: a served text is
/// neither cut nor padded behind the user's back. BPE "dropout" is left out for the same reason.
/// </summary>
internal static class TokenizerJsonReader
{
    /// <param name="utf8">The file's content.</param>
    /// <param name="name">The file's name, for errors.</param>
    /// <param name="more">Tokens from tokenizer_config.json, added where the file does not know them.</param>
    /// <param name="config">Puts BOS and EOS around texts where the file itself has no post-processor and this says so; null for nothing.</param>
    /// <exception cref="SglException">The content is not a tokenizer.json, in one line.</exception>
    public static TokenizerPipeline Read(ReadOnlySpan<byte> utf8, string name, IReadOnlyList<AddedToken> more, TokenizerConfig? config = null)
    {
        try
        {
            if (utf8.StartsWith("\ufeff"u8)) utf8 = utf8[3..];
            if (!System.Text.Unicode.Utf8.IsValid(utf8)) throw new SglException("not valid UTF-8");
            var parts = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            var model = ReadParts(utf8, parts);
            return Surround(Build(model, parts, more), config);
        }
        catch (JsonException e)
        {
            throw new SglException($"{name}: not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", e);
        }
        catch (SglException e)
        {
            throw new SglException($"{name}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static RawModel ReadParts(ReadOnlySpan<byte> utf8, Dictionary<string, JsonElement> parts)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new SglException("should be an object");
        RawModel? model = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isModel = reader.ValueTextEquals("model"u8);
            var name = reader.GetString()!;
            reader.Read();
            if (isModel) model = new RawModelReader().Read(ref reader);
            else parts[name] = JsonElement.ParseValue(ref reader);
        }
        while (reader.Read()) { }
        return model ?? throw new SglException("the field \"model\" is missing");
    }

    private static TokenizerPipeline Build(RawModel raw, Dictionary<string, JsonElement> parts, IReadOnlyList<AddedToken> more)
    {
        var pre = parts.GetValueOrDefault("pre_tokenizer", NullElement);
        var readsBytes = ModelReader.TypeOf(raw) == "BPE" && PreTokenizerReader.EndsInByteLevel(pre);
        var model = ModelReader.Build(raw, readsBytes);
        var normalizer = NormalizerReader.Read(parts.GetValueOrDefault("normalizer", NullElement), "normalizer");
        var tokens = AddedTokenReader.Read(parts.GetValueOrDefault("added_tokens", NullElement));
        var known = tokens.Select(t => t.Content).ToHashSet(StringComparer.Ordinal);
        tokens.AddRange(more.Where(t => !known.Contains(t.Content) && model.Vocabulary.IdOf(t.Content) < 0));
        var decoders = DecoderReader.Read(parts.GetValueOrDefault("decoder", NullElement), "decoder");
        return new TokenizerPipeline
        {
            Model = model,
            Normalizer = normalizer,
            PreTokenizer = new PreTokenizerReader(readsBytes).Read(pre, "pre_tokenizer"),
            PostProcessor = PostProcessorReader.Read(parts.GetValueOrDefault("post_processor", NullElement), "post_processor"),
            HasPostProcessor = parts.GetValueOrDefault("post_processor", NullElement).ValueKind != JsonValueKind.Null,
            Decoders = decoders,
            Added = new AddedVocabulary(tokens, model.Vocabulary, normalizer),
            Spelling = decoders.Any(d => d is ByteLevelDecoder) ? TokenSpelling.ByteLevel
                : decoders.Any(d => d is ByteFallbackDecoder or MetaspaceDecoder) ? TokenSpelling.Metaspace
                : TokenSpelling.Plain,
        };
    }

    private static TokenizerPipeline Surround(TokenizerPipeline pipeline, TokenizerConfig? config)
    {
        if (config is null || pipeline.HasPostProcessor) return pipeline;
        return pipeline with { PostProcessor = PostProcessor.Around(IdOf(config.AddBosToken, "bos_token"), IdOf(config.AddEosToken, "eos_token")) };

        int IdOf(bool? wanted, string role)
        {
            if (wanted != true || !config.SpecialTokens.TryGetValue(role, out var text)) return -1;
            return pipeline.Added.Ids.TryGetValue(text, out var id) ? id : pipeline.Model.Vocabulary.IdOf(text);
        }
    }

    private static JsonElement NullElement { get; } = JsonElement.Parse("null");
}
