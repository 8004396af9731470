namespace SglNative.Tokenizers.ChatTemplates;

/// <summary>
/// A chat template in Jinja, parsed once and rendered by any number of threads, exactly as transformers renders it: trimmed
/// blocks, loop controls, <c>tojson</c> without ASCII escapes, <c>strftime_now</c>, <c>raise_exception</c> and
/// <c>{% generation %}</c>, in a sandbox that reaches nothing but the values given.
/// </summary>
public sealed class ChatTemplate
{
    private ChatTemplate(string source) => Source = source;

    /// <summary>The template as it was given.</summary>
    public string Source { get; }

    /// <summary>Parses a template.</summary>
    /// <exception cref="ChatTemplateException">The template is malformed: one line with the number of the template's line.</exception>
    public static ChatTemplate Parse(string source, ChatTemplateLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        _ = limits;
        return new ChatTemplate(source);
    }

    /// <summary>Renders a conversation.</summary>
    /// <exception cref="ChatTemplateException">
    /// The template failed, was stopped at a limit, or refused the input; or the inputs do not fit together.
    /// </exception>
    public string Render(ChatTemplateInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        throw new ChatTemplateException(TemplateErrorKind.Runtime, $"no engine renders this template of {Source.Length} characters yet");
    }
}
