using System.Text.Json;
using System.Text.Json.Nodes;
using SglNative.Core;
using SglNative.Server.Http;

namespace SglNative.Server.OpenAi;

/// <summary>Checks the messages of a chat request and brings them into the form that the template expects.</summary>
internal static class ChatMessages
{
    private const string Developer = "developer";
    private static readonly string[] Roles = ["system", Developer, "user", "assistant", "tool", "function"];

    /// <summary>
    /// The messages, checked. Content given in parts is joined into one text when the template reads texts only, and a developer is
    /// the system to a template that knows no developer.
    /// </summary>
    /// <exception cref="SglException">A message is malformed, or brings images, audio or video.</exception>
    public static JsonArray Read(in RequestFields fields, string template)
    {
        if (fields.Find("messages") is not { } messages) throw new SglException("messages is missing: expected an array of messages");
        if (messages.ValueKind != JsonValueKind.Array) throw fields.Wrong("messages", "an array of messages", messages);
        if (messages.GetArrayLength() == 0) throw new SglException("messages is empty, expected at least one message");
        var (readsParts, knowsDeveloper) = (ReadsParts(template), template.Contains(Developer, StringComparison.Ordinal));
        var result = new JsonArray();
        foreach (var message in messages.EnumerateArray())
        {
            var path = $"messages[{result.Count}]";
            var read = new RequestFields(message, path);
            var role = Role(read, path);
            var node = JsonObject.Create(message)!;
            node["role"] = role == Developer && !knowsDeveloper ? "system" : role;
            node["content"] = read.Find("content") is { } content ? Content(content, path + ".content", readsParts)
                : role != "assistant" || (read.Find("tool_calls") is null && read.Find("function_call") is null) ? throw new SglException($"{path}.content is missing: expected a text or an array of parts")
                : readsParts ? null : "";
            result.Add(node);
        }
        return result;
    }

    /// <summary>Characters of all contents together.</summary>
    public static long TextLength(JsonArray messages)
    {
        var length = 0L;
        foreach (var message in messages)
            length += message!["content"] switch
            {
                JsonValue text => text.GetValue<string>().Length,
                JsonArray parts => parts.Sum(part => (long)part!["text"]!.GetValue<string>().Length),
                _ => 0,
            };
        return length;
    }

    private static string Role(in RequestFields message, string path)
    {
        var role = message.FindString("role");
        return role is not null && Roles.Contains(role) ? role
            : throw new SglException($"{path}.role {(role is null ? "is missing" : $"is '{Shorten(role)}'")}, expected one of {string.Join(", ", Roles)}");
    }

    // Whether a template loops over content parts itself.
    private static bool ReadsParts(string template) =>
        template.Contains("['type']", StringComparison.Ordinal) || template.Contains("[\"type\"]", StringComparison.Ordinal)
        || template.Contains("content.type", StringComparison.Ordinal) || template.Contains("item.type", StringComparison.Ordinal)
        || template.Contains("part.type", StringComparison.Ordinal);

    private static JsonNode? Content(JsonElement content, string path, bool readsParts)
    {
        if (content.ValueKind == JsonValueKind.String) return JsonValue.Create(content.GetString());
        if (content.ValueKind != JsonValueKind.Array) throw new SglException($"{path} must be a text or an array of parts");
        var texts = new List<string>();
        foreach (var part in content.EnumerateArray()) texts.Add(PartText(part, $"{path}[{texts.Count}]"));
        if (!readsParts) return JsonValue.Create(string.Join(" ", texts));
        return new JsonArray([.. texts.Select(text => new JsonObject { ["type"] = "text", ["text"] = text })]);
    }

    private static string PartText(JsonElement part, string path)
    {
        var fields = new RequestFields(part, path);
        var type = fields.FindString("type") ?? throw new SglException($"{path}.type is missing, expected text");
        if (type is not ("text" or "input_text" or "output_text" or "refusal"))
            throw new SglException($"{path} is of type '{Shorten(type)}', and images, audio and video are not supported yet: only text is");
        var name = type == "refusal" ? type : "text";
        return fields.FindString(name) ?? throw new SglException($"{path}.{name} is missing");
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
