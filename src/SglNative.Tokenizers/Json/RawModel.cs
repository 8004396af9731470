using System.Text.Json;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.Json;

/// <summary>The "model" of a tokenizer.json as read, before it is known what kind it is.</summary>
internal sealed class RawModel
{
    public Dictionary<string, JsonElement> Settings { get; } = new(StringComparer.Ordinal);

    public Vocabulary? Vocabulary { get; set; }

    /// <summary>A score per token, where the vocabulary is a list.</summary>
    public List<double>? Scores { get; set; }

    public MergeTable? Merges { get; set; }

    public string? Text(string name) =>
        Settings.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? JsonFields.ReadText(value, $"model.{name}") : null;

    public bool Flag(string name) => Settings.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.True;

    public int Number(string name, int otherwise) =>
        Settings.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : otherwise;
}
