using System.Text.Json;

namespace SglNative.Tokenizers.Conversion;

/// <summary>The post-processor that puts tokens around texts, as part of a tokenizer.json.</summary>
internal static class SurroundingTokens
{
    /// <param name="json">Where it is written.</param>
    /// <param name="file">A file of ids by token (vocab.json) or a token a line (vocab.txt).</param>
    /// <param name="bos">The token in front, or null.</param>
    /// <param name="eos">The token behind, or null.</param>
    /// <param name="separator">A further token between two texts, or null.</param>
    public static void Write(Utf8JsonWriter json, string file, string? bos, string? eos, string? separator = null)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in new[] { bos, eos })
            if (token is not null && IdOf(file, token) is { } id) ids[token] = id;
        if (ids.Count == 0)
        {
            json.WriteNullValue();
            return;
        }
        string[] First() => [.. Known(bos), "$A", .. Known(eos)];
        string[] Second() => separator is null && eos is not null && Path.GetFileName(file) == "vocab.txt" ? ["$B", .. Known(eos)] : [.. Known(separator ?? bos), "$B", .. Known(eos)];
        json.WriteStartObject();
        json.WriteString("type", "TemplateProcessing");
        WriteWords("single", First());
        WriteWords("pair", [.. First(), .. Second()]);
        json.WriteStartObject("special_tokens");
        foreach (var (token, id) in ids)
        {
            json.WriteStartObject(token);
            json.WriteStartArray("ids");
            json.WriteNumberValue(id);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();

        IEnumerable<string> Known(string? token) => token is not null && ids.ContainsKey(token) ? [token] : [];

        void WriteWords(string name, string[] words)
        {
            json.WriteStartArray(name);
            foreach (var word in words)
            {
                json.WriteStartObject();
                json.WriteStartObject(word is "$A" or "$B" ? "Sequence" : "SpecialToken");
                json.WriteString("id", word is "$A" or "$B" ? word[1..] : word);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    }

    private static int? IdOf(string file, string token)
    {
        if (Path.GetFileName(file) == "vocab.txt")
        {
            var index = File.ReadLines(file).ToList().LastIndexOf(token);
            return index < 0 ? null : index;
        }
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(token, out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number) ? number : null;
    }
}
