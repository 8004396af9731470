using System.Text.Json;

namespace SglNative.Core.Configuration;

public sealed partial class JsonConfig
{
    /// <summary>An integer; a float without a fraction counts.</summary>
    /// <exception cref="SglException">Absent, another type, or out of the range of 32 bits.</exception>
    public int GetInt(string key) => AsInt(key, Require(key, "an integer"));

    /// <summary>An integer, or <paramref name="fallback"/> when absent.</summary>
    /// <exception cref="SglException">Another type, or out of the range of 32 bits.</exception>
    public int GetInt(string key, int fallback) => FindInt(key) ?? fallback;

    /// <summary>An integer, or null when absent.</summary>
    /// <exception cref="SglException">Another type, or out of the range of 32 bits.</exception>
    public int? FindInt(string key) => Find(key) is { } value ? AsInt(key, value) : null;

    /// <summary>A number.</summary>
    /// <exception cref="SglException">Absent or another type.</exception>
    public double GetFloat(string key) => AsFloat(key, Require(key, "a number"));

    /// <summary>A number, or <paramref name="fallback"/> when absent.</summary>
    /// <exception cref="SglException">Another type.</exception>
    public double GetFloat(string key, double fallback) => FindFloat(key) ?? fallback;

    /// <summary>A number, or null when absent.</summary>
    /// <exception cref="SglException">Another type.</exception>
    public double? FindFloat(string key) => Find(key) is { } value ? AsFloat(key, value) : null;

    /// <summary>True or false.</summary>
    /// <exception cref="SglException">Absent or another type.</exception>
    public bool GetBool(string key) => AsBool(key, Require(key, "true or false"));

    /// <summary>True or false, or <paramref name="fallback"/> when absent.</summary>
    /// <exception cref="SglException">Another type.</exception>
    public bool GetBool(string key, bool fallback) => FindBool(key) ?? fallback;

    /// <summary>True or false, or null when absent.</summary>
    /// <exception cref="SglException">Another type.</exception>
    public bool? FindBool(string key) => Find(key) is { } value ? AsBool(key, value) : null;

    /// <summary>A string.</summary>
    /// <exception cref="SglException">Absent or another type.</exception>
    public string GetString(string key) => AsString(key, Require(key, "a string"));

    /// <summary>A string, or <paramref name="fallback"/> when absent.</summary>
    /// <exception cref="SglException">Another type.</exception>
    public string GetString(string key, string fallback) => FindString(key) ?? fallback;

    /// <summary>A string, or null when absent.</summary>
    /// <exception cref="SglException">Another type.</exception>
    public string? FindString(string key) => Find(key) is { } value ? AsString(key, value) : null;

    /// <summary>An array of integers.</summary>
    /// <exception cref="SglException">Absent, or something else.</exception>
    public int[] GetInts(string key) => AsArray(key, Require(key, "an array of integers"), "an array of integers", AsInt);

    /// <summary>An array of integers, or null when absent.</summary>
    /// <exception cref="SglException">Something else.</exception>
    public int[]? FindInts(string key) => Find(key) is { } value ? AsArray(key, value, "an array of integers", AsInt) : null;

    /// <summary>An integer or an array of them, as <c>eos_token_id</c> is; empty when absent.</summary>
    /// <exception cref="SglException">Something else.</exception>
    public int[] FindOneOrMoreInts(string key) => Find(key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } value => AsArray(key, value, "an integer or an array of integers", AsInt),
        { } value => [AsInt(key, value)],
    };

    /// <summary>An array of numbers, or null when absent.</summary>
    /// <exception cref="SglException">Something else.</exception>
    public double[]? FindFloats(string key) => Find(key) is { } value ? AsArray(key, value, "an array of numbers", AsFloat) : null;

    /// <summary>An array of booleans, or null when absent.</summary>
    /// <exception cref="SglException">Something else.</exception>
    public bool[]? FindBools(string key) => Find(key) is { } value ? AsArray(key, value, "an array of true and false", AsBool) : null;

    /// <summary>An array of strings, or null when absent.</summary>
    /// <exception cref="SglException">Something else.</exception>
    public string[]? FindStrings(string key) => Find(key) is { } value ? AsArray(key, value, "an array of strings", AsString) : null;

    /// <summary>A nested object.</summary>
    /// <exception cref="SglException">Absent or another type.</exception>
    public JsonConfig GetObject(string key) => AsObject(key, Require(key, "an object"));

    /// <summary>A nested object, or null when absent.</summary>
    /// <exception cref="SglException">Another type.</exception>
    public JsonConfig? FindObject(string key) => Find(key) is { } value ? AsObject(key, value) : null;

    /// <summary>True when the key holds an object.</summary>
    public bool IsObject(string key) => Find(key) is { ValueKind: JsonValueKind.Object };

    /// <summary>True when the key holds a string.</summary>
    public bool IsString(string key) => Find(key) is { ValueKind: JsonValueKind.String };

    /// <summary>True when the key holds an array.</summary>
    public bool IsArray(string key) => Find(key) is { ValueKind: JsonValueKind.Array };

    private int AsInt(string key, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number) throw WrongType(key, value, "an integer");
        if (value.TryGetInt32(out var number)) return number;
        var real = PythonJson.Number(value);
        if (!double.IsInteger(real)) throw WrongType(key, value, "an integer");
        return real is >= int.MinValue and <= int.MaxValue ? (int)real : throw WrongType(key, value, "an integer of at most 32 bits");
    }

    private double AsFloat(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? PythonJson.Number(value) : throw WrongType(key, value, "a number");

    private bool AsBool(string key, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw WrongType(key, value, "true or false"),
    };

    private string AsString(string key, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) throw WrongType(key, value, "a string");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw WrongType(key, value, "a string of well-formed text");
        }
    }

    private JsonConfig AsObject(string key, JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? new JsonConfig(Members(value, Source), Source, $"{PathOf(key)}.")
        : throw WrongType(key, value, "an object");

    private T[] AsArray<T>(string key, JsonElement value, string expected, Func<string, JsonElement, T> convert)
    {
        if (value.ValueKind != JsonValueKind.Array) throw WrongType(key, value, expected);
        return value.EnumerateArray().Select((item, i) => convert($"{key}[{i}]", item)).ToArray();
    }
}
