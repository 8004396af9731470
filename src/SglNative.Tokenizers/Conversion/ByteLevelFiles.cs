using System.Text;
using System.Text.Json;
using SglNative.Core;
using SglNative.Tokenizers.Configuration;
using SglNative.Tokenizers.PreTokenizers;

namespace SglNative.Tokenizers.Conversion;

/// <summary>vocab.json and merges.txt: BPE over bytes, or over characters with an end mark where the class is CLIP's.</summary>
internal static class ByteLevelFiles
{
    private const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Clip = @"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";

    public static void Write(Utf8JsonWriter json, string vocabularyFile, TokenizerConfig config)
    {
        var name = config.TokenizerClass ?? "";
        var clip = name.StartsWith("CLIP", StringComparison.Ordinal);
        var qwen = name.StartsWith("Qwen2", StringComparison.Ordinal);
        WriteModel(json, vocabularyFile, clip ? "</w>" : "", config);
        json.WritePropertyName("normalizer");
        json.WriteRawValue(clip
            ? """{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "},{"type":"Lowercase"}]}"""
            : qwen ? """{"type":"NFC"}""" : "null");
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        if (clip || qwen) WriteSplit(json, clip ? Clip : Qwen2, removed: clip);
        WriteByteLevel(json, config.AddPrefixSpace ?? false, useRegex: !clip && !qwen);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WritePropertyName("decoder");
        // CLIP's end mark is dropped where the last token has it and is a space elsewhere.
        json.WriteRawValue(clip
            ? """{"type":"Sequence","decoders":[{"type":"ByteLevel"},{"type":"Replace","pattern":{"String":"</w>"},"content":" "}]}"""
            : """{"type":"ByteLevel"}""");
        WriteSurroundings(json, vocabularyFile, name, config);
    }

    private static void WriteModel(Utf8JsonWriter json, string vocabularyFile, string suffix, TokenizerConfig config)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        if (suffix.Length > 0)
        {
            json.WriteString("end_of_word_suffix", suffix);
            json.WriteString("unk_token", config.SpecialTokens.GetValueOrDefault("unk_token", "<|endoftext|>"));
        }
        json.WritePropertyName("vocab");
        try
        {
            json.WriteRawValue(File.ReadAllBytes(vocabularyFile));
        }
        catch (JsonException e)
        {
            throw new SglException($"{vocabularyFile}: not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", e);
        }
        json.WriteStartArray("merges");
        var file = Path.Combine(Path.GetDirectoryName(vocabularyFile)!, "merges.txt");
        if (!File.Exists(file)) throw new SglException($"{vocabularyFile}: the merges.txt that should be beside it is missing");
        foreach (var line in File.ReadLines(file, Encoding.UTF8))
        {
            var text = line.TrimEnd('\r');
            if (text.Length > 0 && !text.StartsWith("#version", StringComparison.Ordinal)) json.WriteStringValue(text);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSplit(Utf8JsonWriter json, string pattern, bool removed)
    {
        json.WriteStartObject();
        json.WriteString("type", "Split");
        json.WriteStartObject("pattern");
        json.WriteString("Regex", pattern);
        json.WriteEndObject();
        json.WriteString("behavior", removed ? "Removed" : "Isolated");
        json.WriteBoolean("invert", removed);
        json.WriteEndObject();
    }

    private static void WriteByteLevel(Utf8JsonWriter json, bool addPrefixSpace, bool useRegex)
    {
        json.WriteStartObject();
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", addPrefixSpace);
        json.WriteBoolean("use_regex", useRegex);
        json.WriteEndObject();
    }

    /// <summary>RoBERTa and its kin, and CLIP, put tokens around each text; others do where the configuration says so.</summary>
    private static void WriteSurroundings(Utf8JsonWriter json, string file, string name, TokenizerConfig config)
    {
        var roberta = name.StartsWith("Roberta", StringComparison.Ordinal) || name.StartsWith("Bart", StringComparison.Ordinal)
            || name.StartsWith("Longformer", StringComparison.Ordinal) || name.StartsWith("LED", StringComparison.Ordinal);
        var clip = name.StartsWith("CLIP", StringComparison.Ordinal);
        var bos = roberta || clip || config.AddBosToken == true ? config.SpecialTokens.GetValueOrDefault("bos_token", roberta ? "<s>" : "<|startoftext|>") : null;
        var eos = roberta || clip || config.AddEosToken == true ? config.SpecialTokens.GetValueOrDefault("eos_token", roberta ? "</s>" : "<|endoftext|>") : null;
        json.WritePropertyName("post_processor");
        SurroundingTokens.Write(json, file, bos, eos, separator: roberta ? eos : null);
    }
}
