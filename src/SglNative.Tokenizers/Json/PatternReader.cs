using System.Text.Json;

namespace SglNative.Tokenizers.Json;

/// <summary>Reads {"String": …} or {"Regex": …}.</summary>
internal static class PatternReader
{
    /// <summary>One of the two is null.</summary>
    public static (string? Literal, string? Regex) Read(JsonFields owner)
    {
        var value = owner.Find("pattern") ?? throw owner.Missing("pattern");
        if (value.ValueKind == JsonValueKind.String) return (JsonFields.ReadText(value, $"{owner.Path}.pattern"), null);
        if (value.ValueKind != JsonValueKind.Object) throw owner.Wrong("pattern", "{\"String\": …} or {\"Regex\": …}");
        var fields = JsonFields.Of(value, $"{owner.Path}.pattern");
        if (fields.Text("Regex") is { } regex) return (null, regex);
        return fields.Text("String") is { } literal ? (literal, null) : throw owner.Wrong("pattern", "{\"String\": …} or {\"Regex\": …}");
    }
}
