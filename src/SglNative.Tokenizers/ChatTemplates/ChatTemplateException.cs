using SglNative.Core;

namespace SglNative.Tokenizers.ChatTemplates;

/// <summary>
/// A chat template that cannot be parsed, that failed while it rendered, that was stopped at a limit, or that refused its input
/// through <c>raise_exception</c>. The message is one line, except that <c>raise_exception</c> is passed on exactly as written.
/// </summary>
public sealed class ChatTemplateException : SglException
{
    /// <summary>Creates the error from its one-line message.</summary>
    public ChatTemplateException(string message) : base(message) { }

    /// <summary>Creates the error from its one-line message and what caused it.</summary>
    public ChatTemplateException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates an error without a message of its own.</summary>
    public ChatTemplateException() { }

    internal ChatTemplateException(TemplateErrorKind kind, string message, int? line = null) : base(message)
    {
        Kind = kind;
        Line = line;
    }

    /// <summary>The line of the template, counted from 1, where it went wrong; null where no line is to blame.</summary>
    public int? Line { get; internal init; }

    /// <summary>True when the template itself refused the input with <c>raise_exception</c>.</summary>
    public bool RaisedByTemplate => Kind == TemplateErrorKind.Raised;

    /// <summary>True when the template was stopped because it took too many steps, too long, or wrote too much.</summary>
    public bool LimitReached => Kind == TemplateErrorKind.Limit;

    internal TemplateErrorKind Kind { get; }
}
