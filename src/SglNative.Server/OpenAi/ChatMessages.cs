using System.Text.Json;
using System.Text.Json.Nodes;
using SglNative.Core;
using SglNative.Server.Http;

namespace SglNative.Server.OpenAi;

/// <summary>Checks the messages of a chat request and brings them into the form that the template expects.</summary>
internal static class ChatMessages
{
    /// <summary>
    /// The messages, checked. Content given in parts is joined into one text when the template reads texts only.
    /// </summary>
    /// <exception cref="SglException">A message is malformed, or brings images, audio or video.</exception>
    public static JsonNode Read(in RequestFields fields, bool templateReadsParts)
    {
        if (fields.Find("messages") is not { } messages) throw new SglException("messages is missing: expected an array of messages");
        if (messages.ValueKind != JsonValueKind.Array) throw fields.Wrong("messages", "an array of messages", messages);
        if (messages.GetArrayLength() == 0) throw new SglException("messages is empty, expected at least one message");
        var result = new JsonArray();
        foreach (var message in messages.EnumerateArray())
        {
            var path = $"messages[{result.Count}]";
            var read = new RequestFields(message, path);
            if (read.FindString("role") is not { Length: > 0 }) throw new SglException($"{path}.role is missing: expected system, user, assistant or tool");
            var node = JsonNode.Parse(message.GetRawText())!.AsObject();
            if (read.Find("content") is { } content) node["content"] = Content(content, path + ".content", templateReadsParts);
            else if (read.Find("tool_calls") is null) throw new SglException($"{path}.content is missing: expected a text or an array of parts");
            else node["content"] = templateReadsParts ? null : "";
            result.Add(node);
        }
        return result;
    }

    /// <summary>Whether a template loops over content parts itself.</summary>
    public static bool ReadsParts(string template) =>
        template.Contains("['type']", StringComparison.Ordinal) || template.Contains("[\"type\"]", StringComparison.Ordinal)
        || template.Contains("content.type", StringComparison.Ordinal) || template.Contains("item.type", StringComparison.Ordinal)
        || template.Contains("part.type", StringComparison.Ordinal);

    private static JsonNode? Content(JsonElement content, string path, bool templateReadsParts)
    {
        if (content.ValueKind == JsonValueKind.String) return JsonNode.Parse(content.GetRawText());
        if (content.ValueKind != JsonValueKind.Array) throw new SglException($"{path} must be a text or an array of parts");
        var texts = new List<string>();
        foreach (var part in content.EnumerateArray())
        {
            var fields = new RequestFields(part, $"{path}[{texts.Count}]");
            var type = fields.FindString("type") ?? throw new SglException($"{path}[{texts.Count}].type is missing, expected text");
            if (type is not ("text" or "input_text" or "refusal"))
                throw new SglException($"{path}[{texts.Count}] is of type '{type}', and images, audio and video are not supported yet: only text is");
            texts.Add(fields.FindString(type == "refusal" ? "refusal" : "text") ?? throw new SglException($"{path}[{texts.Count}].text is missing"));
        }
        return templateReadsParts ? JsonNode.Parse(content.GetRawText()) : JsonValue.Create(string.Join(" ", texts));
    }
}
