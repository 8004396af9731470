using System.Text.Json;
using SglNative.Core;

namespace SglNative.Server.Http;

/// <summary>
/// A JSON object of a request, read field by field with types checked: a wrong one names the field. Unknown fields are not looked
/// at, since clients send many that do not matter; null counts as absent.
/// </summary>
internal readonly struct RequestFields
{
    private readonly JsonElement _object;
    private readonly string _path;

    /// <summary>Wraps an object; <paramref name="path"/> is its place in the request, empty for the body.</summary>
    public RequestFields(JsonElement element, string path = "")
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new SglException($"{(path.Length == 0 ? "the request body" : path)} must be a JSON object, not {Kind(element)}");
        (_object, _path) = (element, path.Length == 0 ? "" : path + ".");
    }

    public JsonElement Element => _object;

    /// <summary>A field's place in the request, for messages.</summary>
    public string PathOf(string name) => _path + name;

    public JsonElement? Find(string name) =>
        _object.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    public string? FindString(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a string", value);

    public bool FindBool(string name, bool fallback = false) => Find(name) is not { } value ? fallback
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "true or false", value);

    public int? FindInt(string name) => Find(name) is { } value ? Int(value, name) : null;

    public long? FindLong(string name) => Find(name) is not { } value ? null
        : value.ValueKind != JsonValueKind.Number ? throw Wrong(name, "an integer", value)
        : value.TryGetInt64(out var number) ? number
        : value.TryGetDouble(out var real) && real == Math.Truncate(real) && Math.Abs(real) < long.MaxValue ? (long)real
        : throw new SglException($"{_path}{name} is {Shorten(value.GetRawText())}, expected an integer of 64 bits");

    public float? FindFloat(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number)) throw Wrong(name, "a number", value);
        var narrow = (float)number;
        return float.IsFinite(narrow) ? narrow : throw new SglException($"{_path}{name} is out of range: expected a finite number");
    }

    public RequestFields? FindObject(string name) => Find(name) is { } value ? new RequestFields(value, _path + name) : null;

    /// <summary>A string or an array of strings.</summary>
    public IReadOnlyList<string> FindStrings(string name)
    {
        if (Find(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(name, "a string or an array of strings", value);
        var strings = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
            strings.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong($"{name}[{strings.Count}]", "a string", item));
        return strings;
    }

    /// <summary>An integer or an array of integers.</summary>
    public IReadOnlyList<int> FindInts(string name)
    {
        if (Find(name) is not { } value) return [];
        return value.ValueKind == JsonValueKind.Array ? Ints(value, name) : [Int(value, name)];
    }

    public int[] Ints(JsonElement array, string name)
    {
        var ids = new int[array.GetArrayLength()];
        var i = 0;
        foreach (var item in array.EnumerateArray())
        {
            ids[i] = Int(item, name);
            i++;
        }
        return ids;
    }

    /// <summary>An object of numbers keyed by token ids.</summary>
    public IReadOnlyDictionary<int, float>? FindLogitBias(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Object) throw Wrong(name, "an object of numbers by token id", value);
        var biases = new Dictionary<int, float>();
        foreach (var entry in value.EnumerateObject())
        {
            if (!int.TryParse(entry.Name, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var id))
                throw new SglException($"{_path}{name} has the key '{Shorten(entry.Name)}', expected a token id");
            if (entry.Value.ValueKind != JsonValueKind.Number) throw Wrong($"{name}.{id}", "a number", entry.Value);
            biases[id] = (float)entry.Value.GetDouble();
        }
        return biases;
    }

    public SglException Wrong(string name, string expected, JsonElement found) =>
        new($"{_path}{name} must be {expected}, not {Kind(found)}");

    /// <summary>A value as an integer of 32 bits.</summary>
    public int Int(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Number) throw Wrong(name, "an integer", value);
        if (value.TryGetInt32(out var number)) return number;
        // Clients in languages without integers write 16.0.
        if (value.TryGetDouble(out var real) && real == Math.Truncate(real) && Math.Abs(real) <= int.MaxValue) return (int)real;
        throw new SglException($"{_path}{name} is {Shorten(value.GetRawText())}, expected an integer of 32 bits");
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => $"the number {Shorten(value.GetRawText())}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };
}
