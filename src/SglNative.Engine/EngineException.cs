namespace SglNative.Engine;

/// <summary>The engine failed while it computed a request: a defect, whose stack trace is in the log under the id in the message.</summary>
public sealed class EngineException : Exception
{
    /// <summary>Creates the error from its one-line message.</summary>
    public EngineException(string message) : base(message) { }

    /// <summary>Creates the error from its one-line message and what caused it.</summary>
    public EngineException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates an error without a message of its own.</summary>
    public EngineException() { }
}
