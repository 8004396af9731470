using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Server.Http;
using SglNative.Server.OpenAi;
using SglNative.Tokenizers.ChatTemplates;

namespace SglNative.Server;

using Engine = SglNative.Engine.Engine;

/// <summary>An engine under the name it is served by, with the template that turns chats into prompts.</summary>
internal sealed class ServedModel
{
    private readonly ChatTemplate? _template;
    private readonly bool _templateReadsParts;

    public ServedModel(Engine engine, ServerArgs args)
    {
        (Engine, Args) = (engine, args);
        Name = args.ServedModelName ?? engine.Model.ModelPath;
        if (engine.Tokenizer is null || TemplateText(args) is not { } source) return;
        _template = ChatTemplate.Parse(source);
        _templateReadsParts = ChatMessages.ReadsParts(source);
    }

    public Engine Engine { get; }

    public ServerArgs Args { get; }

    /// <summary>What <c>/v1/models</c> calls it.</summary>
    public string Name { get; }

    /// <summary>The prompt of a chat request.</summary>
    /// <exception cref="SglException">The messages are malformed, or the template refuses them.</exception>
    public string RenderChat(in RequestFields fields)
    {
        if (Engine.Tokenizer is not { } tokenizer) throw new SglException("chat needs a tokenizer, and the server runs with --skip-tokenizer-init; use /generate with input_ids");
        var messages = ChatMessages.Read(fields, _templateReadsParts);
        if (_template is null) throw new SglException("the model has no chat template: give one with --chat-template, or use /v1/completions");
        var variables = new Dictionary<string, System.Text.Json.JsonElement>();
        if (fields.Find("reasoning_effort") is { } effort) variables["reasoning_effort"] = effort;
        if (fields.FindObject("chat_template_kwargs") is { } extra)
            foreach (var variable in extra.Element.EnumerateObject()) variables[variable.Name] = variable.Value;
        var continues = fields.FindBool("continue_final_message");
        return _template.Render(new ChatTemplateInputs(messages)
        {
            AddGenerationPrompt = fields.FindBool("add_generation_prompt", !continues),
            ContinueFinalMessage = continues,
            Documents = fields.Find("documents"),
            SpecialTokens = tokenizer.Config.SpecialTokens,
            Variables = variables,
        });
    }

    private string? OwnTemplate(ServerArgs args)
    {
        var templates = Engine.Tokenizer!.Config.ChatTemplates;
        if (args.HfChatTemplateName is not { } name) return Engine.Tokenizer.Config.ChatTemplate;
        return templates.TryGetValue(name, out var template) ? template
            : throw new SglException($"--hf-chat-template-name {name}: the tokenizer has no template of that name, it has {(templates.Count == 0 ? "none" : string.Join(", ", templates.Keys))}");
    }

    private string? TemplateText(ServerArgs args)
    {
        if (args.ChatTemplate is not { } given) return args.HfChatTemplateName is null && Engine.Model.ChatTemplate is { } plugins ? plugins : OwnTemplate(args);
        if (File.Exists(given)) return File.ReadAllText(given);
        if (given.Contains("{{", StringComparison.Ordinal) || given.Contains("{%", StringComparison.Ordinal)) return given;
        throw new SglException($"--chat-template {given}: there is no such file, and it is no template text");
    }
}
