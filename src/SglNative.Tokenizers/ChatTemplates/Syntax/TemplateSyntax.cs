namespace SglNative.Tokenizers.ChatTemplates.Syntax;

/// <summary>How a malformed template is reported.</summary>
internal static class TemplateSyntax
{
    public static ChatTemplateException Error(string message, int line) =>
        new(TemplateErrorKind.Syntax, $"chat template, line {line}: {message.ReplaceLineEndings(" ")}", line);
}
