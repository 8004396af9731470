using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace SglNative.Core.Configuration;

/// <summary>
/// A JSON object read by key with the type that is expected; errors name the file, the key with its path, what was found and what
/// would be right. A null counts as absent, as in the configurations themselves. Immutable.
/// </summary>
public sealed partial class JsonConfig
{
    private readonly Dictionary<string, JsonElement> _values;
    private readonly string _prefix;

    private JsonConfig(Dictionary<string, JsonElement> values, string source, string prefix) =>
        (_values, Source, _prefix) = (values, source, prefix);

    /// <summary>Where it came from, for messages: a path.</summary>
    public string Source { get; }

    /// <summary>The keys that have a value other than null.</summary>
    public IEnumerable<string> Keys => _values.Where(v => v.Value.ValueKind != JsonValueKind.Null).Select(v => v.Key);

    /// <summary>Reads a file.</summary>
    /// <exception cref="SglException">It is missing, unreadable, not JSON or not an object.</exception>
    public static JsonConfig Load(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SglException($"no such file: {path}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads JSON text that came from <paramref name="source"/> (a path, or an option's name).</summary>
    /// <exception cref="SglException">It is not JSON or not an object.</exception>
    public static JsonConfig Parse(string json, string source) => Parse(Encoding.UTF8.GetBytes(json), source);

    /// <summary>Reads UTF-8 JSON that came from <paramref name="source"/>.</summary>
    /// <exception cref="SglException">It is not JSON or not an object.</exception>
    public static JsonConfig Parse(ReadOnlySpan<byte> utf8, string source)
    {
        var root = PythonJson.Parse(utf8, source);
        if (root.ValueKind != JsonValueKind.Object) throw new SglException($"{source} must be a JSON object, found {Describe(root)}");
        return new JsonConfig(Members(root, source), source, "");
    }

    /// <summary>
    /// This configuration with the values of another put over it, as <c>--json-model-override-args</c> does: a value replaces the
    /// one of its key, null removes it; sub-configurations (<c>text_config</c> …, objects on both sides) merge key by key.
    /// </summary>
    public JsonConfig Merge(JsonConfig overrides)
    {
        var values = new Dictionary<string, JsonElement>(_values, StringComparer.Ordinal);
        foreach (var (key, value) in overrides._values) values[key] = MergeValue(key, values.GetValueOrDefault(key), value);
        return new JsonConfig(values, Source, _prefix);
    }

    /// <summary>
    /// This configuration with values for the keys that it does not have, as the class that a family has in transformers gives them. A
    /// null in this configuration stays: it means none.
    /// </summary>
    public JsonConfig WithDefaults([StringSyntax(StringSyntaxAttribute.Json)] string json)
    {
        var values = Parse(json, "defaults")._values;
        foreach (var (key, value) in _values) values[key] = value;
        return new JsonConfig(values, Source, _prefix);
    }

    /// <summary>True when the key has a value other than null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>True when the key is there and its value is null.</summary>
    public bool IsNull(string key) => _values.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>The first of several spellings of a key that has a value, or null.</summary>
    public string? FirstOf(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (Has(key)) return key;
        return null;
    }

    /// <summary>The key with its path, as messages write it: <c>text_config.hidden_size</c>.</summary>
    public string PathOf(string key) => _prefix + key;

    /// <summary>An error about a key of this configuration: <c>FILE: 'KEY' must be …</c>.</summary>
    public SglException Error(string key, string whatIsRight) => new($"{Source}: '{PathOf(key)}' {whatIsRight}");

    private JsonElement? Find(string key) =>
        _values.TryGetValue(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private JsonElement Require(string key, string expected) => Find(key) ?? throw Error(key, $"is missing, expected {expected}");

    private SglException WrongType(string key, JsonElement found, string expected) => Error(key, $"must be {expected}, found {Describe(found)}");

    private static Dictionary<string, JsonElement> Members(JsonElement element, string source)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        try
        {
            foreach (var member in element.EnumerateObject()) values[member.Name] = member.Value;
        }
        catch (InvalidOperationException e)
        {
            // How the JSON reader reports a key that is not well-formed text.
            throw new SglException($"{source} is not valid JSON: {MessageText.Line(e.Message)}", e);
        }
        return values;
    }

    private static JsonElement MergeValue(string key, JsonElement old, JsonElement value)
    {
        var nested = key.EndsWith("_config", StringComparison.Ordinal)
            && old.ValueKind == JsonValueKind.Object && value.ValueKind == JsonValueKind.Object;
        if (!nested) return value;
        var merged = Members(old, key);
        foreach (var (name, inner) in Members(value, key)) merged[name] = MergeValue(name, merged.GetValueOrDefault(name), inner);
        return JsonSerializer.SerializeToElement(merged, JsonConfigContext.Default.DictionaryStringJsonElement);
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => $"the string {MessageText.Quote(Text(value))}",
        JsonValueKind.Number => $"the number {PythonJson.Spelling(value)}",
        _ => value.GetRawText(),
    };

    /// <summary>The string's text; a lone surrogate or bad UTF-8 inside must not become an exception of another kind.</summary>
    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText();
        }
    }
}
