using System.Text.Json;
using System.Text.Json.Nodes;

namespace SglNative.Tokenizers.ChatTemplates;

/// <summary>
/// Everything one render sees. JSON values reach the template whole, so any field a template knows (content parts, tool_calls,
/// reasoning_content …) passes through. An instance may be rendered by several threads at once.
/// </summary>
public sealed class ChatTemplateInputs
{
    /// <summary>Takes the conversation: an array of message objects.</summary>
    public ChatTemplateInputs(JsonElement messages) => Messages = messages;

    /// <summary>Takes the conversation: an array of message objects. Later changes to the node are not seen.</summary>
    public ChatTemplateInputs(JsonNode messages) : this(ToElement(messages)) { }

    /// <summary>The conversation.</summary>
    public JsonElement Messages { get; }

    /// <summary>The tools, an array of JSON-schema objects; null for none (the template then sees <c>none</c>).</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>Documents for retrieval-augmented templates, an array of objects; null for none.</summary>
    public JsonElement? Documents { get; init; }

    /// <summary>Whether the text shall end with the header of a new assistant message.</summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>
    /// Whether the text shall end inside the last message, so that the model continues it. Excludes <see cref="AddGenerationPrompt"/>.
    /// </summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary>The tokenizer's special tokens by name: <c>bos_token</c>, <c>eos_token</c> …</summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; init; } = new Dictionary<string, string>();

    /// <summary>Further variables (<c>chat_template_kwargs</c>); they win over special tokens of the same name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variables { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The clock behind <c>strftime_now</c>, read in its local time zone.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>A fixed local time for <c>strftime_now</c>, which then replaces <see cref="Clock"/>.</summary>
    public DateTime? Now { get; init; }

    /// <summary>
    /// Reads one object that holds <c>messages</c> and optionally <c>tools</c>, <c>documents</c>, <c>add_generation_prompt</c>,
    /// <c>continue_final_message</c> and <c>chat_template_kwargs</c>; every other member becomes a variable of the template.
    /// </summary>
    /// <exception cref="ChatTemplateException">The object has no <c>messages</c>, or a flag is no boolean.</exception>
    public static ChatTemplateInputs FromJson(JsonElement request, DateTime? now = null, IReadOnlyDictionary<string, string>? specialTokens = null) =>
        ChatTemplateRequest.Read(request, now, specialTokens ?? new Dictionary<string, string>());

    internal static JsonElement ToElement(JsonNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) node.WriteTo(writer);
        using var document = JsonDocument.Parse(stream.GetBuffer().AsMemory(0, (int)stream.Length));
        return document.RootElement.Clone();
    }
}
