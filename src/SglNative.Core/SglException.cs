namespace SglNative.Core;

/// <summary>
/// A mistake of the user or of the input, as opposed to a defect of this program. The message is one line that says what is
/// wrong, where (file, tensor, field) and what would be right. The command line prints it and exits with 1; the HTTP server
/// answers with a 4xx in OpenAI's shape.
/// </summary>
public class SglException : Exception
{
    /// <summary>Creates the error from its one-line message.</summary>
    public SglException(string message) : base(message) { }

    /// <summary>Creates the error from its one-line message and what caused it.</summary>
    public SglException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates an error without a message of its own.</summary>
    public SglException() { }
}
