using System.Globalization;
using System.Text.Json;
using SglNative.Core;
using SglNative.Tokenizers.PostProcessors;

namespace SglNative.Tokenizers.Json;

/// <summary>Reads the "post_processor" of a tokenizer.json.</summary>
internal static class PostProcessorReader
{
    private const string Known = "TemplateProcessing, ByteLevel, BertProcessing, RobertaProcessing, Sequence";

    public static PostProcessor Read(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Null) return PostProcessor.None;
        var fields = JsonFields.Of(element, path);
        return fields.Type switch
        {
            "ByteLevel" => PostProcessor.None,
            "TemplateProcessing" => Template(fields),
            "BertProcessing" => PostProcessor.Bert(TokenId(fields, "cls"), TokenId(fields, "sep")),
            "RobertaProcessing" => PostProcessor.Roberta(TokenId(fields, "cls"), TokenId(fields, "sep")),
            "Sequence" => fields.Items("processors").Aggregate(PostProcessor.None, (all, p) => all.Then(Read(p.Item, p.Path))),
            var type => throw new SglException($"{path}: the post-processor \"{type}\" is unknown; known are {Known}"),
        };
    }

    /// <summary>["[CLS]", 101]</summary>
    private static int TokenId(JsonFields fields, string name)
    {
        var pair = fields.Items(name).Select(i => i.Item).ToList();
        return pair.Count == 2 && pair[1].ValueKind == JsonValueKind.Number && pair[1].TryGetInt32(out var id) && id >= 0
            ? id
            : throw fields.Wrong(name, "a token and its id");
    }

    private static PostProcessor Template(JsonFields fields)
    {
        var special = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        if (fields.Find("special_tokens") is { } table)
        {
            var tokens = JsonFields.Of(table, $"{fields.Path}.special_tokens");
            foreach (var entry in tokens.Element.EnumerateObject())
            {
                var token = JsonFields.Of(entry.Value, $"{tokens.Path}.{entry.Name}");
                special[entry.Name] = [.. token.Items("ids").Select(i => Id(i.Item, i.Path))];
            }
        }
        var single = Side(fields, "single", special) ?? throw fields.Missing("single");
        return new PostProcessor(single, Side(fields, "pair", special) ?? [PostProcessor.First, PostProcessor.Second]);
    }

    private static int Id(JsonElement item, string path) => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var id) && id >= 0
        ? id
        : throw new SglException($"{path}: should be an id, not {JsonFields.Name(item)}");

    private static List<int>? Side(JsonFields fields, string name, Dictionary<string, List<int>> special)
    {
        if (fields.Find(name) is not { } value) return null;
        var ids = new List<int>();
        if (value.ValueKind == JsonValueKind.String)
        {
            foreach (var word in fields.Text(name)!.Split(' ')) AddWord(word, ids);
            return ids;
        }
        foreach (var (item, path) in fields.Items(name))
        {
            if (item.ValueKind == JsonValueKind.String) AddWord(JsonFields.ReadText(item, path), ids);
            else AddPiece(JsonFields.Of(item, path), ids);
        }
        return ids;

        void AddPiece(JsonFields piece, List<int> into)
        {
            if (piece.Find("Sequence") is { } sequence)
                into.Add(JsonFields.Of(sequence, $"{piece.Path}.Sequence").Text("id") == "B" ? PostProcessor.Second : PostProcessor.First);
            else if (piece.Find("SpecialToken") is { } token)
                AddSpecial(JsonFields.Of(token, $"{piece.Path}.SpecialToken").RequiredText("id"), into);
            else throw new SglException($"{piece.Path}: should be a Sequence or a SpecialToken");
        }

        // "[CLS]", "$A", "$B:1", "$" and "$1" (both A)
        void AddWord(string word, List<int> into)
        {
            var parts = word.Split(':');
            if (parts.Length > 2 || (parts.Length == 2 && !uint.TryParse(parts[1], CultureInfo.InvariantCulture, out _)))
                throw new SglException($"{fields.Path}.{name}: the piece \"{word}\" is malformed");
            if (!parts[0].StartsWith('$')) AddSpecial(parts[0], into);
            else if (parts[0] is "$B" or "$b") into.Add(PostProcessor.Second);
            else if (parts[0] is "$" or "$A" or "$a" || uint.TryParse(parts[0].AsSpan(1), CultureInfo.InvariantCulture, out _))
                into.Add(PostProcessor.First);
            else throw new SglException($"{fields.Path}.{name}: the piece \"{word}\" is malformed");
        }

        void AddSpecial(string token, List<int> into) => into.AddRange(special.GetValueOrDefault(token)
            ?? throw new SglException($"{fields.Path}.{name}: the token \"{token}\" is missing in special_tokens"));
    }
}
