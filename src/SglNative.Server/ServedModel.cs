using System.Text.Json;
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

    /// <param name="engine">What answers.</param>
    /// <param name="args">What was asked for at the start.</param>
    /// <param name="given">The template of <c>--chat-template</c>; null for the tokenizer's own.</param>
    public ServedModel(Engine engine, ServerArgs args, ChatTemplate? given)
    {
        (Engine, Args) = (engine, args);
        Name = args.ServedModelName ?? engine.Model.ModelPath;
        if (engine.Tokenizer is { } tokenizer) _template = given ?? ChatTemplateSource.OfModel(args, engine.Model) ?? ChatTemplateSource.Own(args, tokenizer);
    }

    public Engine Engine { get; }

    public ServerArgs Args { get; }

    /// <summary>What <c>/v1/models</c> calls it.</summary>
    public string Name { get; }

    /// <summary>Whether there is a template for chats.</summary>
    public bool TakesChats => _template is not null;

    /// <summary>The prompt of a chat request.</summary>
    /// <exception cref="SglException">The messages are malformed, or the template refuses them.</exception>
    public string RenderChat(in RequestFields fields)
    {
        if (Engine.Tokenizer is not { } tokenizer) throw new SglException("chat needs a tokenizer, and the server runs with --skip-tokenizer-init; use /generate with input_ids");
        if (_template is null) throw new SglException("the model has no chat template: give one with --chat-template, or use /v1/completions");
        var messages = ChatMessages.Read(fields, _template.Source);
        Engine.EnsureMayFit(ChatMessages.TextLength(messages));
        var variables = new Dictionary<string, JsonElement>();
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
}
