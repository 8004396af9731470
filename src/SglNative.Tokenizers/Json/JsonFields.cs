using System.Text;
using System.Text.Json;
using SglNative.Core;

namespace SglNative.Tokenizers.Json;

/// <summary>One object of a file, with errors that say where in it something is wrong.</summary>
internal readonly record struct JsonFields(JsonElement Element, string Path)
{
    public string Type => Text("type") ?? throw Wrong("type", "a string");

    /// <exception cref="SglException">The element is no object.</exception>
    public static JsonFields Of(JsonElement element, string path) => element.ValueKind == JsonValueKind.Object
        ? new JsonFields(element, path)
        : throw new SglException($"{path}: should be an object, not {Name(element)}");

    public bool Has(string name) => Find(name) is not null;

    public JsonElement? Find(string name) =>
        Element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    public string? Text(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => ReadText(value, $"{Path}.{name}"),
        _ => throw Wrong(name, "a string"),
    };

    public string RequiredText(string name) => Text(name) ?? throw Missing(name);

    public byte[] RequiredUtf8(string name) => Encoding.UTF8.GetBytes(RequiredText(name));

    public bool Flag(string name, bool otherwise) => Find(name) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Wrong(name, "true or false"),
    };

    public int Number(string name, int otherwise) => Find(name) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var number) => number,
        _ => throw Wrong(name, "a whole number"),
    };

    /// <summary>A string of exactly one code point.</summary>
    public int Character(string name)
    {
        var text = RequiredText(name);
        return text.Length > 0 && Rune.TryGetRuneAt(text, 0, out var rune) && rune.Utf16SequenceLength == text.Length
            ? rune.Value
            : throw Wrong(name, "one character");
    }

    public IEnumerable<(JsonElement Item, string Path)> Items(string name)
    {
        var list = Find(name) ?? throw Missing(name);
        if (list.ValueKind != JsonValueKind.Array) throw Wrong(name, "a list");
        var path = $"{Path}.{name}";
        return list.EnumerateArray().Select((item, i) => (item, $"{path}[{i}]"));
    }

    public SglException Missing(string name) => new($"{Path}: the field \"{name}\" is missing");

    public SglException Wrong(string name, string wanted) =>
        new($"{Path}.{name}: should be {wanted}, not {(Element.TryGetProperty(name, out var value) ? Name(value) : "absent")}");

    public static string ReadText(JsonElement value, string path)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new SglException($"{path}: the string is not valid Unicode (an unpaired surrogate)");
        }
    }

    public static string Name(JsonElement value)
    {
        var text = value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= 40 ? text : text[..40] + "…";
    }
}
