using System.Text.Json;
using SglNative.Tokenizers.ChatTemplates.Compilation;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates;

/// <summary>
/// A chat template in Jinja, parsed once and rendered by any number of threads, exactly as transformers renders it: trimmed
/// blocks, loop controls, <c>tojson</c> without ASCII escapes, <c>strftime_now</c>, <c>raise_exception</c> and
/// <c>{% generation %}</c>, in a sandbox that reaches nothing but the values given.
/// </summary>
public sealed class ChatTemplate
{
    private static readonly string[] Reserved = ["messages", "tools", "documents", "add_generation_prompt", "continue_final_message"];

    private readonly TemplateProgram _program;
    private readonly ChatTemplateLimits _limits;

    private ChatTemplate(string source, TemplateProgram program, ChatTemplateLimits limits)
    {
        Source = source;
        _program = program;
        _limits = limits;
    }

    /// <summary>The template as it was given.</summary>
    public string Source { get; }

    /// <summary>Parses a template.</summary>
    /// <exception cref="ChatTemplateException">The template is malformed: one line with the number of the template's line.</exception>
    public static ChatTemplate Parse(string source, ChatTemplateLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ChatTemplate(source, TemplateProgram.Compile(source), limits ?? ChatTemplateLimits.Default);
    }

    /// <summary>Renders a conversation.</summary>
    /// <exception cref="ChatTemplateException">
    /// The template failed, was stopped at a limit, or refused the input; or the inputs do not fit together.
    /// </exception>
    public string Render(ChatTemplateInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Check(inputs);
        var budget = new RenderBudget(_limits, InputLength(inputs));
        var variables = Variables(inputs, budget);
        string? finalText = null;
        if (inputs.ContinueFinalMessage)
            (variables["messages"], finalText) = FinalMessageContinuation.Mark((PythonList)variables["messages"]!, budget);

        var text = Run(new RenderState(budget, variables, () => inputs.Now ?? inputs.Clock.GetLocalNow().DateTime));
        return finalText is null ? text : FinalMessageContinuation.Cut(text, finalText);
    }

    private string Run(RenderState state)
    {
        try
        {
            return _program.Run(state);
        }
        catch (ChatTemplateException e) when (e.Line is null && !e.RaisedByTemplate && state.Line > 0)
        {
            throw new ChatTemplateException(e.Kind, $"chat template, line {state.Line}: {e.Message.ReplaceLineEndings(" ")}", state.Line);
        }
        catch (OutOfMemoryException e)
        {
            throw new ChatTemplateException($"chat template, line {state.Line}: out of memory", e);
        }
    }

    private static void Check(ChatTemplateInputs inputs)
    {
        if (inputs.Messages.ValueKind != JsonValueKind.Array)
            throw ChatTemplateRequest.Error($"messages must be an array of message objects, not {ChatTemplateRequest.Describe(inputs.Messages)}");
        CheckObjects(inputs.Tools, "tools");
        CheckObjects(inputs.Documents, "documents");
        if (inputs.ContinueFinalMessage && inputs.AddGenerationPrompt)
            throw ChatTemplateRequest.Error(
                "continue_final_message and add_generation_prompt are not compatible. Use continue_final_message when you want the model to "
                + "continue the final message, and add_generation_prompt when you want to add a header that will prompt it to start a new assistant message instead.");
        foreach (var name in Reserved)
            if (inputs.Variables.ContainsKey(name))
                throw ChatTemplateRequest.Error($"chat_template_kwargs may not hold {name}: it is a field of the request");
    }

    private static void CheckObjects(JsonElement? list, string name)
    {
        if (list is not { } element || element.ValueKind == JsonValueKind.Null) return;
        if (element.ValueKind != JsonValueKind.Array) throw ChatTemplateRequest.Error($"{name} must be an array of objects, not {ChatTemplateRequest.Describe(element)}");
        foreach (var item in element.EnumerateArray())
            if (item.ValueKind != JsonValueKind.Object)
                throw ChatTemplateRequest.Error($"{name} must be an array of objects, but one item is {ChatTemplateRequest.Describe(item)}");
    }

    private static Dictionary<string, object?> Variables(ChatTemplateInputs inputs, RenderBudget budget)
    {
        var variables = new Dictionary<string, object?>();
        foreach (var (name, token) in inputs.SpecialTokens) variables[name] = token;
        foreach (var (name, value) in inputs.Variables) variables[name] = JsonValues.Convert(value, budget);
        variables["messages"] = JsonValues.Convert(inputs.Messages, budget);
        variables["tools"] = inputs.Tools is { } tools ? JsonValues.Convert(tools, budget) : null;
        variables["documents"] = inputs.Documents is { } documents ? JsonValues.Convert(documents, budget) : null;
        variables["add_generation_prompt"] = PythonBoolean.Of(inputs.AddGenerationPrompt);
        return variables;
    }

    /// <summary>A measure of the input in UTF-16 units or bytes, to which the limits are in proportion.</summary>
    private static long InputLength(ChatTemplateInputs inputs)
    {
        long length = Length(inputs.Messages) + Length(inputs.Tools) + Length(inputs.Documents);
        foreach (var (_, value) in inputs.Variables) length += Length(value);
        return length;

        static long Length(JsonElement? element) =>
            element is { ValueKind: not JsonValueKind.Undefined } value ? System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value).Length : 0;
    }
}
