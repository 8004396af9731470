using System.Text;
using System.Text.Json;
using SglNative.Core;
using SglNative.Tokenizers.Normalizers;
using SglNative.Tokenizers.Regexes;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Json;

/// <summary>Reads the "normalizer" of a tokenizer.json.</summary>
internal static class NormalizerReader
{
    private const string Known =
        "NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Replace, Prepend, Precompiled, BertNormalizer, Nmt, ByteLevel, Sequence";

    public static Normalizer? Read(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Null) return null;
        var fields = JsonFields.Of(element, path);
        return fields.Type switch
        {
            "NFC" => new UnicodeNormalizer(NormalForm.C),
            "NFD" => new UnicodeNormalizer(NormalForm.D),
            "NFKC" => new UnicodeNormalizer(NormalForm.KC),
            "NFKD" => new UnicodeNormalizer(NormalForm.KD),
            "Lowercase" => new LowercaseNormalizer(),
            "Strip" => new StripNormalizer(fields.Flag("strip_left", true), fields.Flag("strip_right", true)),
            "StripAccents" => CharacterFilter.StripAccents,
            "Replace" => Replace(fields),
            "Prepend" => new PrependNormalizer(fields.RequiredUtf8("prepend")),
            "Precompiled" => Precompiled(fields),
            "BertNormalizer" or "Bert" => Bert(fields),
            "Nmt" => CharacterFilter.Nmt,
            "ByteLevel" => new ByteLevelNormalizer(),
            "Sequence" => Sequence(fields),
            var type => throw new SglException($"{path}: the normalizer \"{type}\" is unknown; known are {Known}"),
        };
    }

    private static SequenceNormalizer Sequence(JsonFields fields)
    {
        var steps = new List<Normalizer>();
        foreach (var (item, path) in fields.Items("normalizers"))
            if (Read(item, path) is { } step) steps.Add(step);
        return new SequenceNormalizer(steps);
    }

    private static Normalizer Replace(JsonFields fields)
    {
        var content = fields.RequiredUtf8("content");
        var (literal, regex) = PatternReader.Read(fields);
        return literal is { Length: > 0 }
            ? new LiteralReplaceNormalizer(Encoding.UTF8.GetBytes(literal), content)
            : new RegexReplaceNormalizer(new Regex(regex ?? ""), content);
    }

    private static Normalizer Precompiled(JsonFields fields)
    {
        var text = fields.Text("precompiled_charsmap") ?? "";
        try
        {
            var map = Convert.FromBase64String(text);
            return map.Length == 0 ? new SequenceNormalizer([]) : new PrecompiledNormalizer(map);
        }
        catch (FormatException)
        {
            throw fields.Wrong("precompiled_charsmap", "base64");
        }
    }

    private static SequenceNormalizer Bert(JsonFields fields)
    {
        var steps = new List<Normalizer>();
        var lowercase = fields.Flag("lowercase", true);
        if (fields.Flag("clean_text", true)) steps.Add(CharacterFilter.BertCleaning);
        if (fields.Flag("handle_chinese_chars", true)) steps.Add(new ChineseSpacingNormalizer());
        if (fields.Flag("strip_accents", lowercase))
        {
            steps.Add(new UnicodeNormalizer(NormalForm.D));
            steps.Add(CharacterFilter.BertAccents);
        }
        if (lowercase) steps.Add(new LowercaseNormalizer());
        return new SequenceNormalizer(steps);
    }
}
