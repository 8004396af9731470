using System.Text;
using System.Text.Json;
using SglNative.Core;
using SglNative.Tokenizers.Configuration;

namespace SglNative.Tokenizers.Conversion;

/// <summary>vocab.txt: BERT's word pieces, one a line.</summary>
internal static class WordPieceFiles
{
    public static void Write(Utf8JsonWriter json, string file, TokenizerConfig config)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "WordPiece");
        json.WriteString("unk_token", config.SpecialTokens.GetValueOrDefault("unk_token", "[UNK]"));
        json.WriteStartObject("vocab");
        var id = 0;
        foreach (var line in File.ReadLines(file, Encoding.UTF8))
        {
            // Of a token that is there twice the last line counts, in the reference as in JSON.
            json.WriteNumber(line, id++);
        }
        if (id == 0) throw new SglException($"{file}: holds no tokens");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("normalizer");
        json.WriteString("type", "BertNormalizer");
        json.WriteBoolean("clean_text", true);
        json.WriteBoolean("handle_chinese_chars", config.TokenizeChineseCharacters ?? true);
        if (config.StripAccents is { } strip) json.WriteBoolean("strip_accents", strip);
        json.WriteBoolean("lowercase", config.DoLowerCase ?? true);
        json.WriteEndObject();
        json.WritePropertyName("pre_tokenizer");
        json.WriteRawValue("""{"type":"BertPreTokenizer"}""");
        json.WritePropertyName("decoder");
        json.WriteRawValue("""{"type":"WordPiece","prefix":"##","cleanup":true}""");
        json.WritePropertyName("post_processor");
        SurroundingTokens.Write(json, file, config.SpecialTokens.GetValueOrDefault("cls_token", "[CLS]"), config.SpecialTokens.GetValueOrDefault("sep_token", "[SEP]"));
    }
}
