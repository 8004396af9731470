using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Tokenizers;
using SglNative.Tokenizers.ChatTemplates;

namespace SglNative.Server;

/// <summary>Where the chat template comes from: <c>--chat-template</c>, the model's class, or the tokenizer.</summary>
internal static class ChatTemplateSource
{
    /// <summary>The template of <c>--chat-template</c>; null where there is none. Read before the model is loaded, so that a bad file is found at once.</summary>
    /// <exception cref="SglException">There is no such file, or it holds no template.</exception>
    public static ChatTemplate? Given(ServerArgs args)
    {
        if (args.ChatTemplate is not { } given) return null;
        if (given.Contains("{{", StringComparison.Ordinal) || given.Contains("{%", StringComparison.Ordinal)) return ChatTemplate.Parse(given);
        if (given.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            throw new SglException($"--chat-template {given}: conversation templates in JSON are not supported; give a file with a Jinja template");
        if (!File.Exists(given))
            throw new SglException($"--chat-template {given}: there is no such file; expected the path of a file with a Jinja template (SGLang's built-in template names are not supported)");
        try
        {
            return ChatTemplate.Parse(File.ReadAllText(given));
        }
        catch (ChatTemplateException e)
        {
            throw new SglException($"--chat-template {given}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException($"--chat-template {given} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The template that the model's class brings, as a plugin may; null where it brings none, or another is asked for by name.</summary>
    /// <exception cref="SglException">It is no template.</exception>
    public static ChatTemplate? OfModel(ServerArgs args, ModelInfo model) => args.HfChatTemplateName is null && model.ChatTemplate is { } text ? ChatTemplate.Parse(text) : null;

    /// <summary>The tokenizer's own template; null where it has none.</summary>
    /// <exception cref="SglException">It has none of the name that <c>--hf-chat-template-name</c> asks for.</exception>
    public static ChatTemplate? Own(ServerArgs args, HfTokenizer tokenizer)
    {
        var templates = tokenizer.Config.ChatTemplates;
        if (args.HfChatTemplateName is not { } name) return tokenizer.Config.ChatTemplate is { } source ? ChatTemplate.Parse(source) : null;
        return templates.TryGetValue(name, out var template) ? ChatTemplate.Parse(template)
            : throw new SglException($"--hf-chat-template-name {name}: the tokenizer has no template of that name, it has {(templates.Count == 0 ? "none" : string.Join(", ", templates.Keys))}");
    }
}
