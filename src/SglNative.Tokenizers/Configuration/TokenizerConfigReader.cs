using System.Globalization;
using System.Text.Json;
using SglNative.Core;
using SglNative.Tokenizers.AddedTokens;
using SglNative.Tokenizers.Json;

namespace SglNative.Tokenizers.Configuration;

/// <summary>Reads tokenizer_config.json and the files beside it.</summary>
internal static class TokenizerConfigReader
{
    private const string DefaultName = "default";

    /// <exception cref="SglException">A file is malformed, in one line.</exception>
    public static TokenizerConfig Read(string directory)
    {
        var map = ReadFields(Path.Combine(directory, "special_tokens_map.json"));
        var config = ReadFields(Path.Combine(directory, "tokenizer_config.json"));
        var special = new Dictionary<string, string>(StringComparer.Ordinal);
        var extra = new List<string>();
        foreach (var fields in new[] { map, config })
        {
            if (fields is null) continue;
            ReadSpecial(fields.Value, special, extra);
        }
        var templates = ReadTemplates(directory, config);
        var added = ReadAdded(config, ReadFields(Path.Combine(directory, "added_tokens.json")), special, extra);
        if (config is not { } file) return new TokenizerConfig { SpecialTokens = special, ExtraSpecialTokens = extra, ChatTemplates = templates, AddedTokens = added };
        return new TokenizerConfig
        {
            SpecialTokens = special,
            ExtraSpecialTokens = extra,
            ChatTemplates = templates,
            AddBosToken = OptionalFlag(file, "add_bos_token"),
            AddEosToken = OptionalFlag(file, "add_eos_token"),
            Legacy = OptionalFlag(file, "legacy"),
            AddPrefixSpace = OptionalFlag(file, "add_prefix_space"),
            CleanUpTokenizationSpaces = OptionalFlag(file, "clean_up_tokenization_spaces") ?? false,
            ModelMaxLength = MaxLength(file),
            TokenizerClass = file.Find("tokenizer_class") is { ValueKind: JsonValueKind.String } ? file.Text("tokenizer_class") : null,
            DoLowerCase = OptionalFlag(file, "do_lower_case"),
            StripAccents = OptionalFlag(file, "strip_accents"),
            TokenizeChineseCharacters = OptionalFlag(file, "tokenize_chinese_chars"),
            AddedTokens = added,
        };
    }

    /// <exception cref="SglException">The file is malformed, in one line.</exception>
    public static TokenizerConfig ReadFile(string file)
    {
        var fields = ReadFields(file) ?? throw new SglException($"{file}: no such file");
        var (special, extra, templates) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>(), new Dictionary<string, string>(StringComparer.Ordinal));
        ReadSpecial(fields, special, extra);
        AddTemplates(fields, templates);
        return new TokenizerConfig { SpecialTokens = special, ExtraSpecialTokens = extra, ChatTemplates = templates };
    }

    private static JsonFields? ReadFields(string file)
    {
        if (!File.Exists(file)) return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return JsonFields.Of(document.RootElement.Clone(), file);
        }
        catch (JsonException e)
        {
            throw new SglException($"{file}: not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException($"{file}: cannot be read: {e.Message}", e);
        }
    }

    private static bool? OptionalFlag(JsonFields fields, string name) => fields.Find(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>Published files write 1e30 for "no limit", which is no length.</summary>
    private static long? MaxLength(JsonFields fields) =>
        fields.Find("model_max_length") is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var length) && length is > 0 and < 1e15
            ? (long)length
            : null;

    private static void ReadSpecial(JsonFields fields, Dictionary<string, string> special, List<string> extra)
    {
        foreach (var property in fields.Element.EnumerateObject())
        {
            if (property.Name is "additional_special_tokens" or "extra_special_tokens" && property.Value.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in property.Value.EnumerateArray())
                    if (TokenText(item, fields.Path) is { } text && !extra.Contains(text)) extra.Add(text);
            }
            else if (property.Name is "extra_special_tokens" or "model_specific_special_tokens" && property.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var item in property.Value.EnumerateObject())
                {
                    if (TokenText(item.Value, fields.Path) is not { } text) continue;
                    special[item.Name] = text;
                    if (!extra.Contains(text)) extra.Add(text);
                }
            }
            else if (property.Name.EndsWith("_token", StringComparison.Ordinal) && TokenText(property.Value, fields.Path) is { } token)
                special[property.Name] = token;
        }
    }

    /// <summary>A token is written as its text or as an object with its content.</summary>
    private static string? TokenText(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.String => JsonFields.ReadText(value, path),
        JsonValueKind.Object when value.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String =>
            JsonFields.ReadText(content, path),
        _ => null,
    };

    /// <summary>added_tokens_decoder has tokens with their flags by id; the older added_tokens.json has ids by text.</summary>
    private static List<(int, AddedToken)> ReadAdded(JsonFields? config, JsonFields? file, Dictionary<string, string> special, List<string> extra)
    {
        var tokens = new List<(int Id, AddedToken Token)>();
        if (config?.Find("added_tokens_decoder") is { ValueKind: JsonValueKind.Object } decoder)
        {
            foreach (var entry in decoder.EnumerateObject())
            {
                var path = $"{config.Value.Path}.added_tokens_decoder.{entry.Name}";
                if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                    throw new SglException($"{path}: the name should be an id");
                tokens.Add((id, AddedTokenReader.ReadToken(JsonFields.Of(entry.Value, path))));
            }
        }
        foreach (var entry in file?.Element.EnumerateObject() ?? default)
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out var id) || id < 0)
                throw new SglException($"{file!.Value.Path}.{entry.Name}: should be an id, not {JsonFields.Name(entry.Value)}");
            if (tokens.Exists(t => t.Id == id || t.Token.Content == entry.Name)) continue;
            var isSpecial = special.ContainsValue(entry.Name) || extra.Contains(entry.Name);
            tokens.Add((id, new AddedToken(entry.Name, Normalized: !isSpecial, Special: isSpecial)));
        }
        if (tokens.Select(t => t.Token.Content).Distinct().Count() != tokens.Count)
            throw new SglException($"{config!.Value.Path}: added_tokens_decoder has a token twice");
        tokens.Sort((a, b) => a.Id.CompareTo(b.Id));
        return tokens;
    }

    private static Dictionary<string, string> ReadTemplates(string directory, JsonFields? config)
    {
        var templates = new Dictionary<string, string>(StringComparer.Ordinal);
        if (config is { } file) AddTemplates(file, templates);
        // Processors of multimodal models keep the template in a file of its own.
        if (ReadFields(Path.Combine(directory, "chat_template.json")) is { } json) AddTemplates(json, templates);
        var main = Path.Combine(directory, "chat_template.jinja");
        if (File.Exists(main)) templates[DefaultName] = File.ReadAllText(main);
        foreach (var folder in new[] { "chat_templates", "additional_chat_templates" })
        {
            var more = Path.Combine(directory, folder);
            if (!Directory.Exists(more)) continue;
            foreach (var path in Directory.EnumerateFiles(more, "*.jinja").Order(StringComparer.Ordinal))
                templates[Path.GetFileNameWithoutExtension(path)] = File.ReadAllText(path);
        }
        return templates;
    }

    private static void AddTemplates(JsonFields file, Dictionary<string, string> templates)
    {
        switch (file.Find("chat_template"))
        {
            case { ValueKind: JsonValueKind.String }:
                templates[DefaultName] = file.Text("chat_template")!;
                break;
            case { ValueKind: JsonValueKind.Array }:
                foreach (var (item, path) in file.Items("chat_template"))
                {
                    var entry = JsonFields.Of(item, path);
                    templates[entry.RequiredText("name")] = entry.RequiredText("template");
                }
                break;
            case { ValueKind: JsonValueKind.Object } named:
                foreach (var entry in named.EnumerateObject())
                    templates[entry.Name] = JsonFields.Of(named, $"{file.Path}.chat_template").RequiredText(entry.Name);
                break;
        }
    }
}
