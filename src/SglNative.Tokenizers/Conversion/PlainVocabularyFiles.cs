using System.Text.Json;
using SglNative.Core;
using SglNative.Tokenizers.Configuration;

namespace SglNative.Tokenizers.Conversion;

/// <summary>
/// Checkpoints from before tokenizer.json: vocab.json with merges.txt (GPT-2, Qwen2, RoBERTa, CLIP and their kin) or vocab.txt (BERT).
/// They are written as the tokenizer.json that transformers makes of them, which then is read like any other.
/// </summary>
internal static class PlainVocabularyFiles
{
    /// <summary>The main file of such a checkpoint, or null.</summary>
    public static string? Find(string directory)
    {
        var (json, merges, text) = (Path.Combine(directory, "vocab.json"), Path.Combine(directory, "merges.txt"), Path.Combine(directory, "vocab.txt"));
        if (File.Exists(json) && File.Exists(merges)) return json;
        return File.Exists(text) ? text : null;
    }

    /// <summary>Whether a file is the main one of such a checkpoint.</summary>
    public static bool Is(string file) => Path.GetFileName(file) is "vocab.json" or "vocab.txt";

    /// <summary>The tokenizer.json of a checkpoint.</summary>
    /// <exception cref="SglException">A file is missing or malformed, in one line.</exception>
    public static byte[] ToTokenizerJson(string file, TokenizerConfig config)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            if (Path.GetFileName(file) == "vocab.txt") WordPieceFiles.Write(json, file, config);
            else ByteLevelFiles.Write(json, file, config);
            WriteAddedTokens(json, config);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private static void WriteAddedTokens(Utf8JsonWriter json, TokenizerConfig config)
    {
        var known = config.AddedTokens.Select(t => t.Token.Content).ToHashSet(StringComparer.Ordinal);
        json.WriteStartArray("added_tokens");
        foreach (var (id, token) in config.AddedTokens)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", token.Content);
            json.WriteBoolean("single_word", token.SingleWord);
            json.WriteBoolean("lstrip", token.LeftStrip);
            json.WriteBoolean("rstrip", token.RightStrip);
            json.WriteBoolean("normalized", token.Normalized);
            json.WriteBoolean("special", token.Special);
            json.WriteEndObject();
        }
        foreach (var text in config.SpecialTokens.Values.Concat(config.ExtraSpecialTokens))
        {
            if (!known.Add(text)) continue;
            json.WriteStartObject();
            json.WriteString("content", text);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
