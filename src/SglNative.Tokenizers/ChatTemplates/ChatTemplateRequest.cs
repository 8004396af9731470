using System.Text.Json;

namespace SglNative.Tokenizers.ChatTemplates;

/// <summary>Reads the inputs of a render from one JSON object.</summary>
internal static class ChatTemplateRequest
{
    public static ChatTemplateInputs Read(JsonElement request, DateTime? now, IReadOnlyDictionary<string, string> specialTokens)
    {
        if (request.ValueKind != JsonValueKind.Object)
            throw Error($"a chat template's input must be a JSON object with messages, not {Describe(request)}");
        if (!request.TryGetProperty("messages", out var messages))
            throw Error("the chat template's input has no field messages: give an array of message objects");

        var variables = new Dictionary<string, JsonElement>();
        foreach (var field in request.EnumerateObject())
        {
            if (field.Name is "messages" or "tools" or "documents" or "add_generation_prompt" or "continue_final_message") continue;
            if (field.Name != "chat_template_kwargs")
                variables[field.Name] = field.Value;
            else if (field.Value.ValueKind == JsonValueKind.Object)
                foreach (var variable in field.Value.EnumerateObject()) variables[variable.Name] = variable.Value;
            else if (field.Value.ValueKind != JsonValueKind.Null)
                throw Error($"chat_template_kwargs must be an object, not {Describe(field.Value)}");
        }
        return new ChatTemplateInputs(messages)
        {
            Tools = Optional(request, "tools"),
            Documents = Optional(request, "documents"),
            AddGenerationPrompt = Flag(request, "add_generation_prompt"),
            ContinueFinalMessage = Flag(request, "continue_final_message"),
            SpecialTokens = specialTokens,
            Variables = variables,
            Now = now,
        };
    }

    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    public static ChatTemplateException Error(string message) => new(TemplateErrorKind.Input, message);

    private static JsonElement? Optional(JsonElement request, string name) =>
        request.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static bool Flag(JsonElement request, string name)
    {
        if (Optional(request, name) is not { } value) return false;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Error($"{name} must be true or false, not {Describe(value)}"),
        };
    }
}
