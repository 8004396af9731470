using System.Text;
using System.Text.Json;
using SglNative.Core;
using SglNative.Tokenizers.Decoders;
using SglNative.Tokenizers.Normalizers;
using SglNative.Tokenizers.PreTokenizers;
using SglNative.Tokenizers.Regexes;
using Decoder = SglNative.Tokenizers.Decoders.Decoder;

namespace SglNative.Tokenizers.Json;

/// <summary>Reads the "decoder" of a tokenizer.json.</summary>
internal static class DecoderReader
{
    private const string Known =
        "ByteLevel, ByteFallback, Fuse, Strip, Replace, Metaspace, WordPiece, BPEDecoder, CTC, Sequence";

    public static IReadOnlyList<Decoder> Read(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Null) return [new JoinDecoder()];
        var decoders = new List<Decoder>();
        Add(element, path, decoders);
        return decoders;
    }

    private static void Add(JsonElement element, string path, List<Decoder> into)
    {
        var fields = JsonFields.Of(element, path);
        if (fields.Type == "Sequence")
        {
            foreach (var (item, itemPath) in fields.Items("decoders")) Add(item, itemPath, into);
            return;
        }
        into.Add(fields.Type switch
        {
            "ByteLevel" => new ByteLevelDecoder(),
            "ByteFallback" => new ByteFallbackDecoder(),
            "Fuse" => new FuseDecoder(),
            "Strip" => new StripDecoder(fields.Character("content"), NotNegative(fields, "start"), NotNegative(fields, "stop")),
            "Replace" => Replace(fields),
            "Metaspace" => new MetaspaceDecoder(fields.Character("replacement"), PreTokenizerReader.Scheme(fields) != PrependScheme.Never),
            "WordPiece" => new WordPieceDecoder(Encoding.UTF8.GetBytes(fields.Text("prefix") ?? "##"), fields.Flag("cleanup", true)),
            "BPEDecoder" => new BpeSuffixDecoder(Encoding.UTF8.GetBytes(fields.Text("suffix") ?? "</w>")),
            "CTC" => new CtcDecoder(NotEmpty(fields, "pad_token", "<pad>"), NotEmpty(fields, "word_delimiter_token", "|"),
                fields.Flag("cleanup", true)),
            var type => throw new SglException($"{path}: the decoder \"{type}\" is unknown; known are {Known}"),
        });
    }

    private static int NotNegative(JsonFields fields, string name)
    {
        var value = fields.Number(name, 0);
        return value >= 0 ? value : throw fields.Wrong(name, "0 or more");
    }

    private static byte[] NotEmpty(JsonFields fields, string name, string otherwise)
    {
        var value = fields.Text(name) ?? otherwise;
        return value.Length > 0 ? Encoding.UTF8.GetBytes(value) : throw fields.Wrong(name, "not empty");
    }

    private static Decoder Replace(JsonFields fields)
    {
        var content = fields.RequiredUtf8("content");
        var (literal, regex) = PatternReader.Read(fields);
        return literal is { Length: > 0 }
            ? new LiteralReplaceDecoder(new LiteralReplacement(Encoding.UTF8.GetBytes(literal), content))
            : new RegexReplaceDecoder(new RegexReplaceNormalizer(new Regex(regex ?? ""), content));
    }
}
